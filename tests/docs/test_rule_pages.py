"""The generated pages of rules say what the rule file says, in the form of a page."""

import re

import pytest
from support import all_rules, marks

from meshlint.results import CRASHED
from tools.pages.indexes import pages
from tools.pages.rules import Entry, entries, prose, rule_page

ENTRIES = [pytest.param(entry, id=entry.meta.code) for entry in entries()]
_FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.M | re.S)


@pytest.mark.parametrize("entry", ENTRIES)
def test_page(entry: Entry) -> None:
    page = rule_page(entry)
    text = _FENCE.sub("", page)
    assert f"# {entry.meta.code} {entry.meta.name}\n" in text
    assert {"Bad", "Good"} <= set(re.findall(r"^## (\w+)", text, re.M))
    assert not re.search(r"^###", text, re.M), "headings of a docstring are below that of the page"
    assert all(f"[{code}](http" in text for code in entry.meta.equivalents)
    assert f">{entry.meta.severity.value}</span>" in text
    assert "## Silence it" in text
    assert ("## Options" in text) == (entry.rule.options is not None)


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_lines_that_are_marked_are_highlighted_and_explained(entry: Entry) -> None:
    page = rule_page(entry)
    bad = page.partition("\n## Bad")[2].partition("\n## Good")[0]
    highlighted = 0
    for language, info, text in _FENCE.findall(bad):
        lines = {int(number) for number in " ".join(re.findall(r'hl_lines="([\d ]+)"', info)).split()}
        if language == "yaml":
            assert lines == {line for line, code in marks(text) if code == entry.meta.code}
        highlighted += len(lines)
    assert highlighted
    assert "meshlint says:" in bad
    assert "*Help:*" in bad


@pytest.mark.parametrize("entry", ENTRIES)
def test_codes_in_prose_are_links(entry: Entry) -> None:
    text = re.sub(r"`[^`\n]*`|\[[^\]]*\]\([^)]*\)", "", _FENCE.sub("", rule_page(entry)))
    others = set(re.findall(r"\bML\d{3}\b", text)) - {entry.meta.code}
    assert not others & set(all_rules())


def test_every_index_has_every_rule() -> None:
    texts = pages()
    for name in ("index.md", "by-severity.md", "by-kind.md"):
        for code in all_rules():
            if code != CRASHED.code:
                assert f"({code}.md)" in texts[name], f"{code} is missing from {name}"
    peers = {code for meta in all_rules().values() for code in meta.equivalents}
    assert all(f"[{code}](" in texts["other-tools.md"] for code in peers)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("`a_b*` is *no* mark", "`a_b*` is \\*no\\* mark"),
        ("a_b <c> [d]", "a\\_b \\<c\\> \\[d\\]"),
        ("one ` alone_", "one \\` alone\\_"),
        ("plain", "plain"),
    ],
)
def test_findings_are_no_markdown(text: str, markdown: str) -> None:
    assert prose(text) == markdown
