"""Comments and annotations silence exactly what they name, where they stand."""

import pytest
from adoption.running import Shop, lone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import all_rules, report

from examples import Example, examples
from meshlint.reading import read
from meshlint.reading.comments import comments
from meshlint.registry import load
from meshlint.report.model import Report

PAGES = [
    (meta.code, example)
    for meta in all_rules().values()
    if meta.ignorable
    for example in examples(load(meta.module).page)
    if example.title.startswith("Bad") and "meshlint" not in "".join(example.texts)
]
BEHIND, ABOVE, BY_FILE = "behind", "above", "file"

Seen = set[tuple[str, int, str]]


def _report(example: Example, texts: list[str]) -> Report:
    names = tuple(name or f"file{n}.yaml" for n, name in enumerate(example.names))
    return report(*texts, options=f"{example.options} --extend-select all", names=names)


def _seen(found: Report) -> Seen:
    return {(item.path, item.region.line, item.rule) for item in found.findings if item.suppressed is None}


def _with_comment(text: str, line: int, form: str, word: str) -> str | None:
    """The text with a comment for a line; None where that would change what the text means: in a scalar it is none."""
    lines = text.split("\n")
    comment = f"# meshlint: ignore[{word}] on purpose"
    if form == BEHIND:
        lines[line - 1] += f"  {comment}"
    elif form == ABOVE:
        lines.insert(line - 1, comment)
    else:
        lines.append(f"# meshlint: ignore-file[{word}] on purpose")
    changed = "\n".join(lines)
    ours = [found for found in comments(changed) if "on purpose" in found.text]
    if [document.data for document in read(changed).documents] != [document.data for document in read(text).documents]:
        return None
    return changed if ours and not any("---" in before for before in lines[line - 1 : line]) else None


@pytest.mark.parametrize("form", [BEHIND, ABOVE, BY_FILE])
def test_a_comment_removes_the_findings_of_its_rule_there_and_nothing_else(form: str) -> None:
    """Over every bad example of every rule, for every finding in it, by code, name and peer's code."""
    tried = 0
    for number, (_, example) in enumerate(PAGES):
        before = _seen(_report(example, example.texts))
        paths = [name or f"file{n}.yaml" for n, name in enumerate(example.names)]
        for path, line, rule in sorted(before):
            meta = all_rules().get(rule)
            text = example.texts[paths.index(path)] if path in paths else None
            if meta is None or not meta.ignorable or text is None:
                continue
            word = (meta.code, meta.name)[number % 2]
            changed = _with_comment(text, line, form, word)
            if changed is None:
                continue
            tried += 1
            shift = form == ABOVE
            silenced = {
                seen for seen in before if seen[0] == path and seen[2] == rule and (form == BY_FILE or seen[1] == line)
            }
            left = {(p, at + (shift and p == path and at >= line), r) for p, at, r in before - silenced}
            texts = [changed if p == path else t for p, t in zip(paths, example.texts, strict=True)]
            assert _seen(_report(example, texts)) == left, f"{meta.code} {example.title} {path}:{line} {form}"
    assert tried > 50


def test_an_annotation_removes_the_findings_of_its_rule_in_its_resource_and_nothing_else(shop: Shop) -> None:
    annotated = lone("reviews").replace(
        "  namespace: shop\n", '  namespace: shop\n  annotations: {meshlint.dev/ignore: "ML205: canary"}\n'
    )
    shop.write("a.yaml", f"{annotated}---\n{lone('ratings')}")
    assert shop.lint("-f", "text").codes() == ["a.yaml:24 ML205"]


@pytest.mark.parametrize(
    ("annotation", "silent"),
    [
        ("ML205", True),
        ("lone-weight: by name", True),
        ("KIA1104: by a peer's code", True),
        ("ML301,ML205: several codes", True),
        ("ML301: another; ML205: and this", True),
        ("ML301: another", False),
        ("ML20: no prefixes", False),
    ],
)
def test_the_annotation_takes_codes_and_reasons(shop: Shop, annotation: str, silent: bool) -> None:
    text = lone().replace(
        "  namespace: shop\n", f'  namespace: shop\n  annotations:\n    meshlint.dev/ignore: "{annotation}"\n'
    )
    shop.write("a.yaml", text)
    assert ("ML205" not in shop.lint("-f", "text", "--ignore", "ML005,ML006").out) is silent


@pytest.mark.parametrize(
    ("value", "silent"),
    [("IST0101", True), ("*", True), ("IST0109,IST0101", True), ("IST0109", False), ("KIA1107", False)],
)
def test_istioctls_annotation_counts_by_equivalent_codes(shop: Shop, value: str, silent: bool) -> None:
    missing = lone().replace("{host: reviews}", "{host: reviews, subset: v3}").replace("      weight: 50\n", "")
    text = missing.replace(
        "  namespace: shop\n", f'  namespace: shop\n  annotations: {{galley.istio.io/analyze-suppress: "{value}"}}\n'
    )
    rule = "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: reviews, namespace: shop}\n"
    shop.write(
        "a.yaml", f"{text}---\n{rule}spec: {{host: reviews, subsets: [{{name: v1, labels: {{version: v1}}}}]}}\n"
    )
    ran = shop.lint("-f", "text")
    assert ("ML204" not in ran.out) is silent
    assert "ML005" not in ran.out, "an annotation for another tool is no business of ours"
    assert "ML006" not in ran.out


def test_a_list_keeps_the_annotation_of_each_item_to_itself(shop: Shop) -> None:
    def item(name: str, annotations: str) -> str:
        return (
            f"- apiVersion: networking.istio.io/v1\n  kind: VirtualService\n  metadata: {{name: {name}, namespace: shop{annotations}}}\n"
            f"  spec: {{hosts: [{name}], http: [{{route: [{{destination: {{host: {name}}}, weight: 50}}]}}]}}\n"
        )

    quiet = ', annotations: {meshlint.dev/ignore: "ML205: one"}'
    shop.write("a.yaml", f"apiVersion: v1\nkind: List\nitems:\n{item('a', quiet)}{item('b', '')}")
    assert shop.lint("-f", "text").codes() == ["a.yaml:11 ML205"]


@pytest.mark.parametrize(
    "comment",
    [
        "# meshlint: ignore[ML205] a reason",
        "# meshlint:ignore[ML205]",
        "#meshlint: ignore [ ML205 , ML301 ] a reason",
        "# half of it  # meshlint: ignore[lone-weight]",
    ],
)
def test_spelling_of_a_comment(shop: Shop, comment: str) -> None:
    shop.write("a.yaml", lone(comment=f"  {comment}"))
    assert "ML205" not in shop.lint("-f", "text", "--ignore", "ML005").out


def test_a_comment_alone_covers_the_next_line_that_holds_anything(shop: Shop) -> None:
    above = "      # meshlint: ignore[ML205] canary\n      # a remark\n\n      weight: 50"
    shop.write("a.yaml", lone().replace("      weight: 50", above))
    assert shop.lint("-f", "text").code == 0


def test_text_inside_a_scalar_is_no_comment(shop: Shop) -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: shop}\ndata:\n"
        "  a: |\n    # meshlint: ignore[ML205]\n  b: 'x # meshlint: ignore[ML999]'\n"
    )
    shop.write("a.yaml", text)
    assert shop.lint("-f", "text").out == ""


def test_in_markdown_a_code_block_is_a_file(shop: Shop) -> None:
    block = f"```yaml\n{lone()}```\n"
    quiet = f"```yaml\n{lone()}# meshlint: ignore-file[ML205] an example\n```\n"
    file = shop.write("a.md", f"# Title\n\n{quiet}\ntext\n\n{block}")
    last = file.read_text().rstrip("`\n").count("\n") + 1
    assert shop.lint("-f", "text", "a.md").codes() == [f"a.md:{last} ML205"]


def test_what_silences_nothing_is_reported(shop: Shop) -> None:
    shop.write("a.yaml", lone(comment="  # meshlint: ignore[ML205,ML301] canary"))
    ran = shop.lint("-f", "text")
    assert ran.codes() == ["a.yaml:11 ML005"]
    assert "a.yaml:11:44:" in ran.out, "the place of the word, not of the comment"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--select", "ML005,ML301"),
        ("--select", "ML005,KIA"),
        ("--ignore", "ML205"),
    ],
    ids=["not selected", "narrowed to a peer's code", "ignored"],
)
def test_a_rule_that_did_not_run_leaves_nothing_unused(shop: Shop, arguments: tuple[str, ...]) -> None:
    shop.write("a.yaml", lone().replace("weight: 50", "weight: 100  # meshlint: ignore[ML205] full"))
    assert shop.lint("-f", "text", *arguments).out == ""


@pytest.mark.parametrize(
    ("arguments", "claimed"),
    [
        ((), True),
        ((".",), True),
        (("a.yaml",), False),
        (("sub",), False),
        (("--scope", "partial"), False),
    ],
)
def test_a_rule_about_the_mesh_is_called_unused_only_where_all_of_it_was_read(
    shop: Shop, arguments: tuple[str, ...], claimed: bool
) -> None:
    text = lone().replace("      weight: 50\n", "").replace("http:", "http:  # meshlint: ignore[ML204] soon")
    shop.write("a.yaml", text)
    shop.write("sub/a.yaml", text.replace("reviews", "ratings"))
    assert ("ML005" in shop.lint("-f", "text", *arguments).out) is claimed


def test_an_unknown_word_is_reported_with_what_was_meant(shop: Shop) -> None:
    shop.write("a.yaml", lone(comment="  # meshlint: ignore[ML205,lone-wieght] canary"))
    ran = shop.lint("-f", "json")
    assert '"did you mean `lone-weight`?"' in ran.out


@pytest.mark.parametrize("comment", ["# meshlint: ignore", "# meshlint: ignore[]", "# meshlint: off[ML205]"])
def test_what_has_not_the_form_of_a_suppression_is_reported(shop: Shop, comment: str) -> None:
    shop.write("a.yaml", lone(comment=f"  {comment}"))
    assert "a.yaml:11 ML006" in shop.lint("-f", "text").codes()


def test_prose_about_meshlint_is_no_suppression(shop: Shop) -> None:
    shop.write("a.yaml", lone(comment="  # meshlint: reports this since Monday, see #12"))
    assert shop.lint("-f", "text").codes() == ["a.yaml:11 ML205"]


def test_reasons_can_be_required(shop: Shop) -> None:
    shop.write("a.yaml", lone(comment="  # meshlint: ignore[ML205]"))
    assert shop.lint("-f", "text").out == ""
    shop.write(".meshlint.yaml", "require-reason: true\n")
    assert shop.lint("-f", "text").codes() == ["a.yaml:11 ML007"]


def test_a_rule_that_is_not_ignorable_stays(shop: Shop) -> None:
    shop.write("a.yaml", lone(comment="  # meshlint: ignore[ML205] canary"))
    shop.write(".meshlint.yaml", "rules: {lone-weight: {ignorable: false}}\n")
    ran = shop.lint("-f", "text")
    assert ran.codes() == ["a.yaml:11 ML205", "a.yaml:11 ML005"]
    assert "may not be silenced" in ran.out


WORDS = [
    "# meshlint:",
    "meshlint: ",
    "ignore",
    "ignore-file",
    "[",
    "]",
    "ML205",
    "ML",
    ",",
    ";",
    ":",
    " ",
    "#",
    "*",
    "é",
    "lone-weight",
]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(WORDS), max_size=10))
def test_no_text_of_a_suppression_makes_a_run_fail(shop: Shop, parts: list[str]) -> None:
    text = "".join(parts)
    quoted = f"  annotations: {{meshlint.dev/ignore: '{text}', galley.istio.io/analyze-suppress: '{text}'}}\n"
    shop.write(
        "a.yaml", lone(comment=f"  # meshlint: {text}").replace("  namespace: shop\n", f"  namespace: shop\n{quoted}")
    )
    ran = shop.lint("-f", "text", "--show-suppressed")
    assert ran.code in {0, 1}
    assert {code.split()[1] for code in ran.codes()} <= {"ML205", "ML005", "ML006"}
    assert "ML205" in ran.out


def test_suppressions_can_be_switched_off_and_shown(shop: Shop) -> None:
    shop.write("a.yaml", lone(comment="  # meshlint: ignore[ML205] canary"))
    assert "1 suppressed" in shop.lint().err
    assert shop.lint("-f", "text", "--no-suppressions").codes() == ["a.yaml:11 ML205"]
    shown = shop.lint("-f", "json", "--show-suppressed", "--fail-on", "info")
    assert (shown.code, '"suppressed": "canary"' in shown.out) == (0, True)


def test_files_without_a_marker_are_not_parsed_for_comments(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("meshlint.suppress.collect.comments", refuse)
    shop.write("a.yaml", lone(comment="  # no marker"))
    assert shop.lint("-f", "text").codes() == ["a.yaml:11 ML205"]
