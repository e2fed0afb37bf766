"""The JSON report is a contract: names, order and meaning of its fields."""

import io
import json

import msgspec
import pytest
from report.sample import CLEAN, FINDINGS, REPORT
from report.snapshot import assert_snapshot

from meshlint.report.formats import render
from meshlint.report.model import Report, Settings

FINDING = [
    "rule", "name", "severity", "message", "help", "url", "path", "line", "column", "endLine", "endColumn",
    "resource", "field", "related", "equivalents", "fix", "fingerprint",
]  # fmt: skip
RELATED = ["path", "line", "column", "endLine", "endColumn", "resource", "field", "message"]


def written(report: Report, **settings) -> str:
    stream = io.StringIO()
    assert render("json", report, stream, Settings(**settings)) == ()
    return stream.getvalue()


def test_whole_report() -> None:
    assert_snapshot("report.json", written(REPORT))


def test_clean_report() -> None:
    assert_snapshot("clean.json", written(CLEAN))


def test_field_order_is_that_of_the_contract() -> None:
    log = json.loads(written(REPORT))
    assert list(log) == ["version", "tool", "summary", "findings"]
    assert list(log["tool"]) == ["name", "version"]
    assert list(log["summary"]) == [
        "files", "documents", "resources", "skipped", "findings", "suppressed", "unknown",
    ]  # fmt: skip
    assert list(log["summary"]["findings"]) == ["error", "warning", "info"]
    assert all(list(found) == FINDING for found in log["findings"])
    assert all(list(place) == RELATED for found in log["findings"] for place in found["related"])
    assert list(log["findings"][-1]["resource"]) == ["apiVersion", "kind", "namespace", "name"]


def test_absent_things_are_null() -> None:
    found = next(found for found in json.loads(written(REPORT))["findings"] if found["rule"] == "ML001")
    assert (found["help"], found["resource"], found["field"], found["fix"]) == (None, None, None, None)
    assert (found["related"], found["equivalents"]) == ([], [])


def test_suppressed_findings_only_on_request_and_with_their_reason() -> None:
    assert "rolled out next week" not in written(REPORT)
    found = json.loads(written(REPORT, show_suppressed=True))["findings"]
    assert [one["suppressed"] for one in found if "suppressed" in one] == ["rolled out next week"]


def test_text_ends_in_a_line_end_and_is_the_same_twice() -> None:
    assert written(REPORT).endswith("}\n")
    assert written(REPORT) == written(REPORT)


@pytest.mark.parametrize("field", ["path", "message", "help", "fingerprint"])
def test_a_file_name_that_is_no_utf8_does_not_break_the_report(field: str) -> None:
    found = msgspec.structs.replace(FINDINGS[0], **{field: "a\udcffb"})
    log = json.loads(written(msgspec.structs.replace(REPORT, findings=[found])))
    assert log["findings"][0][field] == "a\\udcffb"
