"""SARIF 2.1.0 for GitHub code scanning and the editors that read it.

The log is built of sarif-om's objects and written by a walk of our own: the package's companion
serialiser drops a level that equals the class's default, so that a warning of an error rule would
be read as an error. What GitHub wants, and its limits:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TextIO
from urllib.parse import quote

import attr
import sarif_om as om

from meshlint.findings import Region, Severity
from meshlint.report.json_text import write_json
from meshlint.report.linehash import line_hashes
from meshlint.report.model import (
    IN_BASELINE,
    SEVERITIES,
    STDIN,
    Report,
    Reported,
    RuleInfo,
    Settings,
    resource_text,
    shown,
)
from meshlint.report.repository import repository_paths
from meshlint.report.summary import count

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
"""GitHub refuses a run with more."""
MAX_SHOWN = 5_000
MAX_RELATED = 100
MAX_TEXT = 1024
"""GitHub shows no more results of a run, locations of a result, characters of a description."""
MAX_LINKS = 10
"""Of a message: more would bury what it says."""

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.INFO: "2.0"}
"""GitHub reads 7.0 to 8.9 as high, 4.0 to 6.9 as medium, below as low."""
_SECURITY_TOPIC = "security"


def render(report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write one run. Returns notes about what SARIF or GitHub cannot hold, which the run holds as well."""
    uris = _Uris(report, settings)
    placed, notes = _placed(report, settings, uris)
    driver = _driver(report, placed)
    run = om.Run(
        tool=om.Tool(driver=driver),
        invocations=[_invocation([*report.summary.notes, *notes])],
        automation_details=om.RunAutomationDetails(id=_category(settings.category)),
        column_kind="unicodeCodePoints",
        results=_results(report, placed, driver.rules, uris),
    )
    log = plain(om.SarifLog(version="2.1.0", runs=[run]))
    write_json(stream, {"$schema": SCHEMA, "version": "2.1.0", **log})
    return tuple(notes)


def _category(category: str) -> str:
    """The id that tells uploads of one commit apart: GitHub reads `category/` up to the last slash."""
    return f"meshlint/{category.strip('/')}/" if category.strip("/") else "meshlint/"


def plain(node: Any) -> Any:
    """A sarif-om object as plain data: renamed as its class says, without what is unset.

    `level` and `kind` are written even where they equal the class's default.
    """
    if isinstance(node, list):
        return [plain(item) for item in node]
    fields = _fields(node.__class__)
    if fields is None:
        return node
    found = {}
    for attribute, name, default, always in fields:
        value = getattr(node, attribute)
        if value is not None and (always or value != default):
            found[name] = value if value.__class__ in _SCALARS else plain(value)
    return found


_SCALARS = {str, int, bool}


@cache
def _fields(kind: type) -> list[tuple[str, str, Any, bool]] | None:
    """Per attribute of a class of sarif-om: attribute, name in JSON, default, whether it is always written.

    The package follows a draft; of what we use, the standard renamed one property.
    """
    if not attr.has(kind):
        return None
    renamed = {"state": "status"} if kind is om.Suppression else {}
    return [
        (field.name, renamed.get(name, name), _default(field.default), name in {"level", "kind"})
        for field in attr.fields(kind)
        for name in [field.metadata.get("schema_property_name", field.name)]
    ]


def _default(default: Any) -> Any:
    return default.factory() if hasattr(default, "factory") else default


# What is in the run


def _placed(report: Report, settings: Settings, uris: "_Uris") -> tuple[list[Reported], list[str]]:
    """The findings that a result can be made of, at most as many as GitHub takes: the worst are kept."""
    notes = []
    findings = list(shown(report, settings))
    placed = [found for found in findings if uris.of(found.path)]
    if len(placed) < len(findings):
        left = count(len(findings) - len(placed), "finding")
        notes.append(f"SARIF is about files: {left} in standard input left out")
    if len(placed) > MAX_SHOWN:
        notes.append(f"GitHub code scanning will show the worst {MAX_SHOWN:,} of {len(placed):,} findings")
    if len(placed) > MAX_RESULTS:
        notes.append(f"SARIF holds the worst {MAX_RESULTS:,} of {len(placed):,} findings: GitHub takes no more")
        order = sorted(range(len(placed)), key=lambda index: SEVERITIES.index(placed[index].severity))
        placed = [placed[index] for index in sorted(order[:MAX_RESULTS])]
    return placed, notes


class _Uris:
    """Paths as percent-encoded URIs: relative to the root of the repository, absolute for what lies outside."""

    def __init__(self, report: Report, settings: Settings) -> None:
        self._relative = repository_paths(settings.root)
        self._anchor = report.files[0] if report.files else ""
        self._known: dict[str, str | None] = {}

    def of(self, path: str) -> str | None:
        """The URI of a path; None for standard input. No path at all is anchored at the first file."""
        if path not in self._known:
            self._known[path] = self._uri(path or self._anchor)
        return self._known[path]

    def location(self, path: str) -> Any:
        """The file as SARIF names it."""
        uri = self.of(path)
        absolute = uri is not None and uri.startswith("file:")
        return om.ArtifactLocation(uri=uri, uri_base_id=None if absolute else "%SRCROOT%")

    def _uri(self, path: str) -> str | None:
        if path in {"", STDIN}:
            return None
        inside = self._relative(path)
        if inside:
            return quote(inside.encode("utf-8", "surrogateescape"))
        absolute = os.path.abspath(path).replace(os.sep, "/")
        return f"file://{'' if absolute.startswith('/') else '/'}{quote(absolute.encode('utf-8', 'surrogateescape'))}"


def _invocation(notes: Iterable[str]) -> Any:
    told = [om.Notification(message=om.Message(text=_sentence(note)), level="note") for note in notes]
    return om.Invocation(execution_successful=True, tool_execution_notifications=told or None)


# Rules


def _driver(report: Report, findings: Iterable[Reported]) -> Any:
    """The tool with every enabled rule, also on a clean run: GitHub compares the rules of two uploads."""
    known = {rule.code: rule for rule in report.rules()}
    for found in findings:
        if found.rule not in known:
            known[found.rule] = _rule_of(found)
    version = report.version
    return om.ToolComponent(
        name="meshlint",
        version=version,
        semantic_version=version if re.fullmatch(r"\d+\.\d+\.\d+", version) else None,
        information_uri=_home(known.values()),
        rules=[_descriptor(known[code]) for code in sorted(known)],
    )


def _home(rules: Iterable[RuleInfo]) -> str | None:
    """The page above the pages of all rules."""
    folders = {rule.url.rstrip("/").rpartition("/")[0] for rule in rules if rule.url}
    return f"{folders.pop()}/" if len(folders) == 1 else None


def _rule_of(found: Reported) -> RuleInfo:
    """What a finding tells of a rule that is not listed: the engine's own, or one of another run."""
    summary = found.name.replace("-", " ")
    return RuleInfo(found.rule, found.name, summary, found.severity, lambda: summary, found.url, "input")


def _descriptor(rule: RuleInfo) -> Any:
    page = rule.help().strip()
    introduction = page.split("\n#", 1)[0].strip()
    link = f"[{rule.code} {rule.name}]({rule.url})"
    security = rule.topic == _SECURITY_TOPIC
    properties: dict[str, Any] = {
        "tags": ["istio", rule.topic],
        "precision": "very-high" if rule.default else "medium",
        "problem.severity": _PROBLEM[rule.severity],
    }
    if security:
        properties["security-severity"] = _SECURITY[rule.severity]
    if rule.equivalents:
        properties["equivalents"] = list(rule.equivalents)
    return om.ReportingDescriptor(
        id=rule.code,
        name=rule.name,
        short_description=om.MultiformatMessageString(text=_clipped(_sentence(rule.summary))),
        full_description=om.MultiformatMessageString(text=_clipped(_sentence(introduction or rule.summary))),
        help=om.MultiformatMessageString(
            text=f"{page}\n\n{rule.url}" if page else rule.url,
            markdown=f"{page}\n\n{link}" if page else link,
        ),
        help_uri=rule.url or None,
        default_configuration=om.ReportingConfiguration(level=_LEVEL[rule.severity]),
        properties=properties,
    )


def _clipped(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 3]}..."


def _sentence(text: str) -> str:
    """The text with an end: GitHub shows the first sentence of a message where space is tight."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "```")) else f"{text}."


# Results


def _results(report: Report, findings: Sequence[Reported], rules: Sequence[Any], uris: _Uris) -> list[Any]:
    """The results as plain data: one at a time, since the objects of many results are large."""
    index_of = {rule.id: index for index, rule in enumerate(rules)}
    hashes = _line_hashes(report, findings)
    return [
        plain(_result(found, line_hash, index_of[found.rule], uris))
        for found, line_hash in zip(findings, hashes, strict=True)
    ]


def _result(found: Reported, line_hash: str | None, rule_index: int, uris: _Uris) -> Any:
    related = _related(found, uris)
    return om.Result(
        rule_id=found.rule,
        rule_index=rule_index,
        level=_LEVEL[found.severity],
        message=om.Message(text=_message(found, related)),
        locations=[_location(found, uris)],
        related_locations=related or None,
        partial_fingerprints=_fingerprints(found, line_hash),
        suppressions=_suppressions(found),
    )


def _message(found: Reported, related: Sequence[Any]) -> str:
    """Finding, help, and links to the other ends, which GitHub shows only where they are linked."""
    parts = [_unlinked(_sentence(found.message))]
    if found.help:
        parts.append(_unlinked(_sentence(found.help[:1].upper() + found.help[1:])))
    if related:
        links = ", ".join(f"[{_escaped(place.message.text)}]({place.id})" for place in related[:MAX_LINKS])
        parts.append(f"See: {links}.")
    return " ".join(parts)


def _unlinked(text: str) -> str:
    """Brackets before a parenthesis would be read as a link."""
    return re.sub(r"\[(?=[^\[\]]*\]\()", r"\\[", text)


def _escaped(text: str) -> str:
    """The text of a link."""
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def _location(found: Reported, uris: _Uris) -> Any:
    resource = found.resource
    logical = None
    if resource is not None:
        name = resource_text(resource)
        logical = [om.LogicalLocation(name=resource.name, fully_qualified_name=name, kind="resource")]
    return om.Location(physical_location=_physical(found.path, found.region, uris), logical_locations=logical)


def _related(found: Reported, uris: _Uris) -> list[Any]:
    places = [place for place in found.related if uris.of(place.path)][:MAX_RELATED]
    return [
        om.Location(
            id=number,
            message=om.Message(text=place.message),
            physical_location=_physical(place.path, place.region, uris),
        )
        for number, place in enumerate(places, 1)
    ]


def _physical(path: str, region: Region, uris: _Uris) -> Any:
    """A region of one line: a pull request shows an alert only if all of its lines are in the diff."""
    line, column = max(1, region.line), max(1, region.column)
    end = max(column, region.end_column) if region.end_line == region.line else None
    where = om.Region(start_line=line, start_column=column, end_line=line, end_column=end)
    return om.PhysicalLocation(artifact_location=uris.location(path), region=where)


def _suppressions(found: Reported) -> list[Any] | None:
    """Only in a report of the suppressed findings too: GitHub takes them for open alerts."""
    if found.suppressed is None:
        return None
    kind = "external" if found.suppressed == IN_BASELINE else "inSource"
    return [om.Suppression(kind=kind, state="accepted", justification=found.suppressed or None)]


# Fingerprints


def _fingerprints(found: Reported, line_hash: str | None) -> dict[str, str]:
    own = {"meshlint/v1": found.fingerprint}
    return {"primaryLocationLineHash": line_hash, **own} if line_hash else own


def _line_hashes(report: Report, findings: Sequence[Reported]) -> list[str | None]:
    """GitHub's fingerprint of the line of each finding, None where the file is not available.

    GitHub takes findings of one rule with one fingerprint for one alert; a second finding of a
    rule on a line therefore gets a mark behind it.
    """
    wanted: dict[str, set[int]] = {}
    for found in findings:
        wanted.setdefault(found.path, set()).add(found.region.line)
    known = {path: _of_file(report, path, numbers) for path, numbers in wanted.items()}
    times: Counter[tuple[str, str, int]] = Counter()
    hashes = []
    for found in findings:
        key = (found.rule, found.path, found.region.line)
        times[key] += 1
        line_hash = known[found.path].get(found.region.line)
        hashes.append(f"{line_hash}.{times[key]}" if line_hash and times[key] > 1 else line_hash)
    return hashes


def _of_file(report: Report, path: str, numbers: set[int]) -> dict[int, str]:
    lines = report.lines(path)
    return {} if lines is None else line_hashes(lines, numbers)
