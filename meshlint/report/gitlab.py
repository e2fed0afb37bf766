"""GitLab's Code Quality report: a JSON array, https://docs.gitlab.com/ci/testing/code_quality/.

GitLab shows one of several entries with an equal fingerprint, and takes an entry with a changed
fingerprint for a new problem; ours are unique in a run and do not change when lines move.
"""

from typing import Any, TextIO

from meshlint.findings import Severity
from meshlint.report.json_text import write_json
from meshlint.report.model import Report, Reported, Settings, shown
from meshlint.report.repository import repository_paths

_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write the findings that count."""
    relative = repository_paths(settings.root)
    entries = [_entry(found, relative(found.path) or found.path) for found in shown(report, Settings())]
    write_json(stream, entries)
    return ()


def _entry(found: Reported, path: str) -> dict[str, Any]:
    region = found.region
    return {
        "description": f"{found.rule}: {found.message}",
        "check_name": found.rule,
        "fingerprint": found.fingerprint,
        "severity": _SEVERITY[found.severity],
        "location": {"path": path, "lines": {"begin": region.line, "end": region.end_line}},
    }
