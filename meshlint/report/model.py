"""What every format renders: the report as plain data.

The engine builds one `Report`; a format reads it and writes text. Nothing here knows rules,
resources or YAML, so a report can be made by hand (tests), read from a cache or sent to an editor.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from meshlint.findings import Identity, Path, Region, Severity

STDIN = "<stdin>"
"""The path of what was read from standard input."""

IN_BASELINE = "known: in the baseline"
"""`suppressed` of a finding that a baseline knows; any other reason was written into the file."""

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
"""Worst first."""


class RelatedPlace(msgspec.Struct, frozen=True):
    """Another end of a finding, in the same file or another one."""

    path: str
    region: Region
    resource: Identity | None
    field: str | None
    message: str


class PlannedEdit(msgspec.Struct, frozen=True):
    """One change of a fix: `set` (new value), `rename` (new key), `move` (new path) or `remove` of the field at a place.

    What changes the text needs to know more than a reader: `steps` lead to the field from the root of
    a document, which is the one of that number in its source, in Markdown the `fence` of that number.
    """

    path: str
    region: Region
    field: str | None
    action: str
    value: Any = None
    fence: int | None = None
    document: int = -1
    steps: Path = ()


class PlannedFix(msgspec.Struct, frozen=True):
    """A safe correction, as far as a reader of the report needs it."""

    description: str
    edits: tuple[PlannedEdit, ...]


class Reported(msgspec.Struct, frozen=True):
    """A finding as reported.

    `path` is relative to the working directory, with `/`, or `<stdin>`; a file elsewhere keeps its
    absolute path. `field` is text as `field_text` writes it. `suppressed` is None for a finding
    that counts, else the reason given for silencing it (`""`: none was given).
    """

    rule: str
    name: str
    severity: Severity
    message: str
    help: str | None
    url: str
    path: str
    region: Region
    resource: Identity | None
    field: str | None
    fingerprint: str
    related: tuple[RelatedPlace, ...] = ()
    equivalents: tuple[str, ...] = ()
    fix: PlannedFix | None = None
    suppressed: str | None = None


class RuleInfo(msgspec.Struct, frozen=True):
    """A rule that ran. `help` loads its page (Markdown) when a format needs it; `topic` is its folder."""

    code: str
    name: str
    summary: str
    severity: Severity
    help: Callable[[], str]
    url: str
    topic: str
    equivalents: tuple[str, ...] = ()
    default: bool = True


class Summary(msgspec.Struct, frozen=True):
    """Counts of a run.

    `skipped` counts by reason (`not-kubernetes`, `template`, `fragment`, `unreadable`,
    `unknown-kind`), `findings` by severity without the suppressed ones, `unknown` the references
    that were not judged because what they name may exist elsewhere. `notes` are sentences.
    """

    files: int
    documents: int
    resources: int
    skipped: dict[str, int]
    findings: dict[Severity, int]
    suppressed: int = 0
    unknown: int = 0
    notes: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """A whole run.

    `findings` are sorted by path, line, column and code and hold the suppressed ones too; `rules()`
    are the enabled ones; `files` the paths that were judged. `lines(path)` gives the lines of a
    file as the regions count them, without line ends, and a last empty one where the text ends in
    a line end; None where the text is not available any more.
    """

    findings: Sequence[Reported]
    summary: Summary
    rules: Callable[[], Sequence[RuleInfo]]
    version: str
    files: Sequence[str] = ()
    lines: Callable[[str], Sequence[str] | None] = lambda _: None


class Settings(msgspec.Struct, frozen=True):
    """How to write a report; every format takes what concerns it.

    `terminal`, `color` and `width` (columns) are for people, see `meshlint.report.terminal`.
    `root` is the folder that SARIF and CI formats write paths relative to (default: the repository
    that holds the file). `category` tells apart several SARIF uploads for one commit. `fail_on` is
    the least severity that makes a run fail, None for never.
    """

    terminal: bool = False
    color: bool = False
    width: int = 100
    show_suppressed: bool = False
    root: str | None = None
    category: str = ""
    fail_on: Severity | None = Severity.WARNING


def shown(report: Report, settings: Settings) -> Iterator[Reported]:
    """The findings to write: the suppressed ones only on request."""
    return (found for found in report.findings if found.suppressed is None or settings.show_suppressed)


def field_text(path: Path) -> str:
    """A path of keys as people write it: `spec.http[0].route`, `metadata.labels["istio.io/rev"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step and step.replace("_", "").replace("-", "").isalnum():
            text += f".{step}" if text else step
        else:
            quoted = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


def resource_text(resource: Identity) -> str:
    """A resource as people write it: `VirtualService shop/reviews`, `Namespace shop`."""
    name = f"{resource.namespace}/{resource.name}" if resource.namespace else resource.name
    return f"{resource.kind} {name}"
