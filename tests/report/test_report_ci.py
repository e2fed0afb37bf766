"""What GitHub workflows, GitLab and JUnit readers get."""

import io
import json
import re
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.sample import CLEAN, FINDINGS, REPORT
from report.snapshot import assert_snapshot

from meshlint.findings import Region, Severity
from meshlint.report.formats import FORMATS, render
from meshlint.report.model import Report, Settings

ERROR, WARNING, INFO = FINDINGS[2], FINDINGS[1], FINDINGS[3]


def written(name: str, report: Report, **settings) -> str:
    stream = io.StringIO()
    render(name, report, stream, Settings(**settings))
    return stream.getvalue()


def many(*found) -> Report:
    return msgspec.structs.replace(REPORT, findings=found)


@pytest.mark.parametrize(
    ("name", "file"), [("github", "github.txt"), ("gitlab", "gitlab.json"), ("junit", "junit.xml")]
)
def test_whole_report(name: str, file: str) -> None:
    assert_snapshot(file, written(name, REPORT))


@pytest.mark.parametrize("name", FORMATS)
def test_suppressed_findings_do_not_count(name: str) -> None:
    assert "v9" not in written(name, REPORT)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_a_clean_report(name: str) -> None:
    assert "error" not in re.sub(r'"error"|errors="0"', "", written(name, msgspec.structs.replace(CLEAN, rules=tuple)))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_survives_an_ascii_stream_and_a_file_name_that_is_no_utf8(name: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    report = many(*FINDINGS, msgspec.structs.replace(ERROR, path="a\udcff.yaml", message="\U0001f600 a\ud800b"))
    render(name, report, stream, Settings(terminal=True))
    stream.flush()
    assert raw.getvalue().isascii()
    if "json" in FORMATS[name] or name in {"sarif", "gitlab"}:
        assert "\U0001f600 a\\ud800b" in str(json.loads(raw.getvalue())).replace("\\\\", "\\")


def test_github_escapes_what_would_end_a_message_or_property() -> None:
    found = msgspec.structs.replace(
        ERROR, path="a,b:c%.yaml", message="50% of\r\nlines", help=None, region=Region(1, 2, 1, 3)
    )
    assert written("github", many(found)) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=2,endColumn=3,title=ML204 missing-subset"
        "::50%25 of%0Alines\n"
    )


def test_github_puts_errors_first() -> None:
    commands = [line.split(" ")[0] for line in written("github", many(INFO, WARNING, ERROR)).splitlines()]
    assert commands == ["::error", "::warning", "::notice"]


def test_github_gets_ten_of_a_level_and_the_count_of_the_rest() -> None:
    lines = written("github", many(*[ERROR] * 12, *[WARNING] * 10, *[INFO] * 10)).splitlines()
    commands = [line.split(" ")[0] for line in lines if line.startswith("::")]
    assert [commands.count(f"::{level}") for level in ("error", "warning", "notice")] == [10, 10, 10]
    assert lines[29] == "::notice title=meshlint::2 errors, 1 info more than GitHub annotates: see the log of this step"
    assert [line.split(" ")[1] for line in lines[30:]] == ["error", "error", "info"]


@given(st.text(), st.text().filter(lambda path: "\0" not in path))
def test_no_text_of_the_input_is_taken_for_a_command(message: str, path: str) -> None:
    found = msgspec.structs.replace(ERROR, message=f"{message}\n::stop-commands::x", path=f"::add-mask::{path}##[x]")
    lines = written("github", many(*[found] * 12)).split("\n")
    commands = [line for line in lines if line.strip().startswith("::")]
    assert len(commands) == 11
    assert all(re.match(r"::(error file=|notice title=)", line) for line in commands)
    assert "##[" not in "".join(lines[11:])


def test_gitlab_entries_have_what_gitlab_requires() -> None:
    entries = json.loads(written("gitlab", REPORT))
    assert all(list(entry) == ["description", "check_name", "fingerprint", "severity", "location"] for entry in entries)
    assert {entry["severity"] for entry in entries} == {"major", "minor", "info"}
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_gitlab_paths_are_those_of_the_repository(tmp_path, monkeypatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    (entry,) = json.loads(written("gitlab", many(msgspec.structs.replace(ERROR, path="a.yaml"))))
    assert entry["location"]["path"] == "shop/a.yaml"


@pytest.mark.parametrize(
    ("fail_on", "failures"), [(Severity.ERROR, 2), (Severity.WARNING, 4), (Severity.INFO, 6), (None, 0)]
)
def test_junit_fails_what_fails_the_run(fail_on, failures) -> None:
    root = ET.fromstring(written("junit", REPORT, fail_on=fail_on))
    assert root.get("failures") == str(failures) == str(len(root.findall(".//failure")))
    assert root.get("tests") == str(len(root.findall(".//testcase"))) == "8"
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall(".//failure")))


def test_junit_cases_have_names_of_their_own() -> None:
    root = ET.fromstring(written("junit", many(ERROR, ERROR)))
    names = [case.get("name") for case in root.findall(".//failure/..")]
    assert names == ["ML204 [10:44] VirtualService shop/reviews", "ML204 [10:44] VirtualService shop/reviews (2)"]


def test_junit_of_a_clean_run_has_a_passed_case_per_file() -> None:
    root = ET.fromstring(written("junit", CLEAN))
    assert [(case.get("classname"), case.get("name")) for case in root.iter("testcase")] == [("a.yaml", "no findings")]


@given(st.text(), st.text().filter(lambda path: "\0" not in path))
def test_junit_is_always_xml(message: str, path: str) -> None:
    found = msgspec.structs.replace(ERROR, message=message, path=path, help=path)
    ET.fromstring(written("junit", many(found)).encode())
