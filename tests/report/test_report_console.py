"""What a person sees, and what a pipe gets."""

import io
import re
import time

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from report.sample import CLEAN, FINDINGS, REPORT
from report.snapshot import assert_snapshot

from meshlint.findings import Region, Severity
from meshlint.report.cells import width
from meshlint.report.formats import render
from meshlint.report.model import PlannedFix, RelatedPlace, Report, Settings, Summary, field_text
from meshlint.report.snippet import cut
from meshlint.report.summary import statistics_lines, summary_lines
from meshlint.report.terminal import Palette, settings_for, wants_color

STYLE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")


def written(report: Report, name: str = "console", **settings) -> str:
    stream = io.StringIO()
    assert render(name, report, stream, Settings(**settings)) == ()
    return stream.getvalue()


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_whole_report(columns: int) -> None:
    text = written(REPORT, terminal=True, width=columns, show_suppressed=True)
    last = [*statistics_lines(REPORT.findings), *summary_lines(REPORT.summary)]
    assert_snapshot(f"console-{columns}.txt", text + "\n".join(last) + "\n")


def test_colors_add_nothing_but_style() -> None:
    plain = written(REPORT, terminal=True, width=80)
    colored = written(REPORT, terminal=True, color=True, width=80)
    assert_snapshot("console-color.txt", colored.replace("\x1b", "<ESC>"))
    assert STYLE.sub("", colored) == plain


def test_the_code_links_to_its_page_where_colors_are_on() -> None:
    link = "\x1b]8;;https://meshlint.dev/rules/ML201\x1b\\"
    assert link in written(REPORT, terminal=True, color=True)
    assert "https:" not in written(REPORT, terminal=True)


@pytest.mark.parametrize("name", ["console", "text"])
def test_one_line_per_finding_when_no_terminal(name: str) -> None:
    assert_snapshot("text.txt", written(REPORT, name))


def test_suppressed_findings_are_marked_where_they_are_asked_for() -> None:
    assert "v9" not in written(REPORT)
    assert "subset `v9` (suppressed)" in written(REPORT, show_suppressed=True)
    assert "= suppressed: rolled out next week" in written(REPORT, terminal=True, show_suppressed=True)


def test_a_clean_run_writes_no_report() -> None:
    assert written(CLEAN, terminal=True) == ""
    assert statistics_lines(CLEAN.findings) == []


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_no_source_line_is_wider_than_the_terminal(columns: int) -> None:
    text = written(REPORT, terminal=True, width=columns, show_suppressed=True)
    framed = [line for line in text.splitlines() if re.match(r" *\d* \|", line)]
    assert framed
    assert max(map(width, framed)) <= columns


def test_a_finding_of_no_resource_does_not_stand_under_another_heading() -> None:
    lost = msgspec.structs.replace(FINDINGS[0], path="shop/routes.yaml", region=Region(20, 1, 20, 2))
    found = [FINDINGS[1], FINDINGS[2], lost, FINDINGS[5]]
    lines = written(msgspec.structs.replace(REPORT, findings=found), terminal=True).splitlines()
    headings = [line.strip() for line in lines if re.match(r"  [A-Zn]", line)]
    assert headings == ["VirtualService shop/reviews", "no resource", "VirtualService shop/ratings"]


def test_a_source_line_that_several_places_share_is_shown_once() -> None:
    places = [
        RelatedPlace("shop/routes.yaml", Region(3, column, 3, column + 4), None, None, "here") for column in (1, 12)
    ]
    found = msgspec.structs.replace(FINDINGS[2], related=tuple(places))
    text = written(msgspec.structs.replace(REPORT, findings=[found]), terminal=True)
    assert text.splitlines()[6:10] == [
        "      : 3:1 here",
        "    3 | metadata: {name: reviews, namespace: shop}",
        "      | ----",
        "      |            ---- here",
    ]


def test_without_the_file_there_is_no_underline() -> None:
    text = written(msgspec.structs.replace(REPORT, lines=lambda _: None), terminal=True)
    assert "^" not in text
    assert "= help: define it in DestinationRule shop/reviews" in text


def test_a_file_that_became_shorter_is_no_error() -> None:
    text = written(msgspec.structs.replace(REPORT, lines=lambda _: ["one line"]), terminal=True)
    assert "no DestinationRule for `reviews`" in text


def test_nothing_of_the_input_reaches_the_terminal_raw() -> None:
    found = msgspec.structs.replace(FINDINGS[0], message="a\x1b[2Jb\rc\u202ed", help="\x1b]0;title\x07", path="\x1b[5m")
    report = msgspec.structs.replace(REPORT, findings=[found], lines=lambda _: ["", "", "\x1b[8mhidden\u202e"])
    for terminal in (True, False):
        assert not set(written(report, terminal=terminal)) & set("\x1b\r\x07\u202e")


def test_an_encoding_without_a_character_gets_its_escape() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1", newline="\n")
    render("text", REPORT, stream, Settings())
    stream.flush()
    assert rb"/\u65e5\u672c\u8a9e/" in raw.getvalue()


@pytest.mark.parametrize(
    ("line", "region", "room", "text", "underline"),
    [
        ("host: a", (7, 8), 40, "host: a", "      ^"),
        ("host: a", (8, 8), 40, "host: a", "       ^"),
        ("host: a", (99, 120), 40, "host: a", "       ^"),
        ("", (1, 1), 40, "", "^"),
        ("\thost: a", (2, 6), 40, "    host: a", "    ^^^^"),
        ("日本: 語x", (5, 6), 40, "日本: 語x", "      ^^"),
        ("e\u0308e\u0308: v", (6, 7), 40, "e\u0308e\u0308: v", "   ^"),
        ("\u202ea: b", (5, 6), 40, "\\u202ea: b", "         ^"),
        ("0123456789" * 9, (1, 3), 20, "01234567890123456...", "^^"),
        ("0123456789" * 9, (45, 47), 20, "...67890123456789...", "           ^^"),
        ("0123456789" * 9, (89, 91), 20, "...67890123456789", "               ^^"),
        ("0123456789" * 9, (40, 80), 20, "...12345678901234...", "           ^^^^^^"),
    ],
)
def test_underline(line, region, room, text, underline) -> None:
    place = Region(1, region[0], 1, region[1])
    snippet = cut(line, place, room)
    assert width(snippet.text) <= room
    assert (snippet.text, snippet.underline(place, "^")) == (text, underline)


LINES = st.text(st.sampled_from("ab: \t日本e\u0308\u202e\x1b"), max_size=120)


@example(":::::::\x1b\x1b\x1b:", 11, 0, 20)
@example("::\u202e::\x1b\x1b:::", 8, 0, 20)
@example(":\x1b:::::\x1b\u202e:", 10, 3, 20)
@given(LINES, st.integers(1, 130), st.integers(0, 60), st.integers(20, 60))
def test_the_underline_marks_the_region_wherever_the_line_is_cut(line, column, size, room) -> None:
    place = Region(1, column, 1, column + size)
    snippet = cut(line, place, room)
    marks = snippet.underline(place, "^")
    assert width(snippet.text) <= room
    assert marks.strip(" ").strip("^") == ""
    assert "^" in marks
    assert len(marks) <= width(snippet.text) + 1
    assert snippet.shows(place) or column > len(line)


def test_regions_of_several_lines_are_marked_to_the_end_of_the_first() -> None:
    place = Region(1, 4, 4, 2)
    assert cut("a: bcd", place, 40).underline(place, "^") == "   ^^^"


def test_a_line_of_a_million_characters_costs_nothing() -> None:
    line = "x" * 5_000_000
    start = time.perf_counter()
    for column in range(1_000_000, 1_000_400):
        cut(line, Region(1, column, 1, column + 5), 80)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("summary", "lines"),
    [
        (Summary(12, 43, 43, {}, {}), ["12 files, 43 resources, no findings"]),
        (Summary(1, 1, 1, {"template": 0}, {Severity.ERROR: 1}), ["1 file, 1 resource, 1 error"]),
        (
            Summary(2000, 9, 10_000, {}, {Severity.ERROR: 0, Severity.INFO: 1200, Severity.WARNING: 2}, suppressed=4),
            ["2,000 files, 10,000 resources, 2 warnings, 1,200 info, 4 suppressed"],
        ),
        (
            Summary(1, 0, 0, {"template": 2, "not-kubernetes": 1, "new-reason": 3}, {}, unknown=1, notes=("a\x1bb",)),
            [
                "1 file, 0 resources, no findings",
                "skipped: 2 templates, 1 not Kubernetes, 3 new-reason",
                "not judged: 1 reference to what may exist outside the input (see --scope)",
                r"note: a\x1bb",
            ],
        ),
    ],
)
def test_summary(summary: Summary, lines: list[str]) -> None:
    assert summary_lines(summary) == lines


def test_the_summary_says_what_can_be_fixed() -> None:
    fixable = [msgspec.structs.replace(found, fix=PlannedFix("write it", ())) for found in FINDINGS[:2]]
    silenced = msgspec.structs.replace(fixable[0], suppressed="known")
    lines = summary_lines(Summary(1, 1, 1, {}, {}), [*fixable, silenced, FINDINGS[2]])
    assert lines[1:] == ["fixable: 2 with --fix (--diff shows how)"]


def test_the_summary_has_the_colors_of_the_severities() -> None:
    palette = Palette(colors=True)
    clean, found = (summary_lines(Summary(1, 1, 1, {}, counts), (), palette)[0] for counts in ({}, {Severity.ERROR: 1}))
    assert "\x1b[32mno findings\x1b[0m" in clean
    assert "\x1b[1;31m1 error\x1b[0m" in found


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "stream", "environment", "color"),
    [
        ("auto", Terminal(), {}, True),
        ("auto", io.StringIO(), {}, False),
        ("auto", Terminal(), {"NO_COLOR": "1"}, False),
        ("auto", Terminal(), {"NO_COLOR": ""}, True),
        ("auto", Terminal(), {"TERM": "dumb"}, False),
        ("auto", io.StringIO(), {"FORCE_COLOR": "1"}, True),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, True),
        ("never", Terminal(), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_when_to_color(choice, stream, environment, color) -> None:
    assert wants_color(choice, stream, environment) is color
    assert settings_for(stream, choice, environment).terminal is (color or stream.isatty())


@pytest.mark.parametrize(("columns", "used"), [("80", 80), ("20", 40), ("500", 160), ("0", 100), ("x", 100), ("", 100)])
def test_width_of_the_terminal(columns: str, used: int) -> None:
    assert settings_for(io.StringIO(), "auto", {"COLUMNS": columns}).width == used


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("spec", "http", 0, "route", 1, "weight"), "spec.http[0].route[1].weight"),
        (("metadata", "labels", "istio.io/rev"), 'metadata.labels["istio.io/rev"]'),
        (("data", "a.b", "c"), 'data["a.b"].c'),
        (("spec", "ingress-gateway", "x_y"), "spec.ingress-gateway.x_y"),
        (("spec", 'say "hi"', ""), 'spec["say \\"hi\\""][""]'),
    ],
)
def test_field_text(path, text) -> None:
    assert field_text(path) == text
