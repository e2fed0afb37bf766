"""JSON: the contract that other tools build on.

The order of the fields below is the order in the text. Fields are only ever added; a change that
would break a reader raises `VERSION`.
"""

from typing import Any, TextIO

import msgspec

from meshlint.findings import Identity, Region, Severity
from meshlint.report.json_text import write_json
from meshlint.report.model import PlannedFix, RelatedPlace, Report, Reported, Settings, Summary, shown

VERSION = 1


class _Object(msgspec.Struct, frozen=True, rename="camel"):
    """Base of the objects of the contract."""


class _Tool(_Object, frozen=True):
    name: str
    version: str


class _Summary(_Object, frozen=True):
    files: int
    documents: int
    resources: int
    skipped: dict[str, int]
    findings: dict[str, int]
    suppressed: int
    unknown: int


class _Resource(_Object, frozen=True):
    api_version: str
    kind: str
    namespace: str | None
    name: str


class _Related(_Object, frozen=True):
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    resource: _Resource | None
    field: str | None
    message: str


class _Edit(_Object, frozen=True):
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    field: str | None
    action: str
    value: Any


class _Fix(_Object, frozen=True):
    description: str
    edits: list[_Edit]


class _Finding(_Object, frozen=True):
    rule: str
    name: str
    severity: str
    message: str
    help: str | None
    url: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    resource: _Resource | None
    field: str | None
    related: list[_Related]
    equivalents: tuple[str, ...]
    fix: _Fix | None
    fingerprint: str
    suppressed: str | msgspec.UnsetType = msgspec.UNSET
    """Only in a report of the suppressed findings too: why this one is silenced."""


class _Log(_Object, frozen=True):
    version: int
    tool: _Tool
    summary: _Summary
    findings: list[_Finding]


def render(report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write the report as one JSON object, with a line end after it."""
    log = _Log(
        VERSION,
        _Tool("meshlint", report.version),
        _summary(report.summary),
        [_finding(found) for found in shown(report, settings)],
    )
    write_json(stream, log)
    return ()


def _summary(summary: Summary) -> _Summary:
    return _Summary(
        summary.files,
        summary.documents,
        summary.resources,
        dict(sorted(summary.skipped.items())),
        {severity.value: summary.findings.get(severity, 0) for severity in Severity},
        summary.suppressed,
        summary.unknown,
    )


def _finding(found: Reported) -> _Finding:
    return _Finding(
        found.rule,
        found.name,
        found.severity.value,
        found.message,
        found.help,
        found.url,
        found.path,
        *_columns(found.region),
        _resource(found.resource),
        found.field,
        [_related(place) for place in found.related],
        found.equivalents,
        _fix(found.fix),
        found.fingerprint,
        msgspec.UNSET if found.suppressed is None else found.suppressed,
    )


def _columns(region: Region) -> tuple[int, int, int, int]:
    return region.line, region.column, region.end_line, region.end_column


def _resource(identity: Identity | None) -> _Resource | None:
    if identity is None:
        return None
    return _Resource(identity.api_version, identity.kind, identity.namespace, identity.name)


def _related(place: RelatedPlace) -> _Related:
    return _Related(place.path, *_columns(place.region), _resource(place.resource), place.field, place.message)


def _fix(fix: PlannedFix | None) -> _Fix | None:
    if fix is None:
        return None
    edits = [_Edit(edit.path, *_columns(edit.region), edit.field, edit.action, edit.value) for edit in fix.edits]
    return _Fix(fix.description, edits)
