"""Which fences of a Markdown file are YAML, and where their lines and columns lie in the file."""

from __future__ import annotations

import pytest

from meshlint.findings import Region
from meshlint.sources import File, Source, sources
from meshlint.sources.markdown import fences


def read(text: str) -> list[Source]:
    return list(sources(File("README.md", "/README.md", named=True), text.encode()))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("```yaml\na: 1\n```\n", [(1, "a: 1\n")], id="plain"),
        pytest.param("```yml\na: 1\n```\n", [(1, "a: 1\n")], id="yml"),
        pytest.param("```YAML\na: 1\n```\n", [(1, "a: 1\n")], id="any case"),
        pytest.param("``` yaml\na: 1\n```\n", [(1, "a: 1\n")], id="blank before the info string"),
        pytest.param('```yaml title="x.yaml"\na: 1\n```\n', [(1, "a: 1\n")], id="info string with more"),
        pytest.param("```yaml{1,3}\na: 1\n```\n", [(1, "a: 1\n")], id="highlighted lines"),
        pytest.param("```{.yaml .numbers}\na: 1\n```\n", [(1, "a: 1\n")], id="pandoc attributes"),
        pytest.param("~~~yaml\na: 1\n~~~\n", [(1, "a: 1\n")], id="tildes"),
        pytest.param("~~~yaml `x`\na: 1\n~~~\n", [(1, "a: 1\n")], id="tilde info may hold backticks"),
        pytest.param("````yaml\na: |\n  ```\n````\n", [(1, "a: |\n  ```\n")], id="longer fence"),
        pytest.param("```yaml\na: 1\n`````   \nb\n", [(1, "a: 1\n")], id="longer closing"),
        pytest.param("```yaml\na: 1\n~~~\n```\n", [(1, "a: 1\n~~~\n")], id="the other mark does not close"),
        pytest.param("```yaml\na: |\n    ```\n```\n", [(1, "a: |\n    ```\n")], id="indented by four does not close"),
        pytest.param("```yaml\na: 1\n   ```\nb\n", [(1, "a: 1\n")], id="indented by three closes"),
        pytest.param("```yaml\na: 1\n``` x\n```\n", [(1, "a: 1\n``` x\n")], id="closing has no info string"),
        pytest.param("```yaml\na: 1", [(1, "a: 1")], id="unclosed at the end of the file"),
        pytest.param("```yaml", [(1, "")], id="opened by the last line"),
        pytest.param("```yaml\n```\n", [(1, "")], id="empty"),
        pytest.param("x\n\n```yaml\na: 1\n```\n\n```yaml\nb: 2\n```\n", [(3, "a: 1\n"), (7, "b: 2\n")], id="two"),
        pytest.param("- x\n\n  ```yaml\n  a:\n    b: 1\n  ```\n", [(3, "a:\n  b: 1\n")], id="in a list"),
        pytest.param(
            "1. x\n    ```yaml\n    a: 1\n\n    b: 2\n    ```\n", [(2, "a: 1\n\nb: 2\n")], id="in a numbered list"
        ),
        pytest.param("- ```yaml\n  a: 1\n  ```\n", [(1, "a: 1\n")], id="on the line of the list mark"),
        pytest.param("!!! note\n    ```yaml\n    a: 1\n    ```\n", [(2, "a: 1\n")], id="in an admonition"),
        pytest.param("\t```yaml\n\ta: 1\n\t```\n", [(1, "a: 1\n")], id="indented by a tab"),
        pytest.param("  ```yaml\n a: 1\n```\n", [(1, "a: 1\n")], id="content less indented than the fence"),
        pytest.param("> ```yaml\n> a:\n>   b: 1\n> ```\n", [(1, "a:\n  b: 1\n")], id="in a block quote"),
        pytest.param(
            "> ```yaml\n> a: 1\n>\n> b: 2\n> ```\n", [(1, "a: 1\n\nb: 2\n")], id="blank line of a block quote"
        ),
        pytest.param(">```yaml\n>a: 1\n>```\n", [(1, "a: 1\n")], id="block quote without blanks"),
        pytest.param("> > ```yaml\n> > a: 1\n> > ```\n", [(1, "a: 1\n")], id="nested block quotes"),
        pytest.param("> - x\n>   ```yaml\n>   a: 1\n>   ```\n", [(2, "a: 1\n")], id="list in a block quote"),
        pytest.param("- > ```yaml\n  > a: 1\n  > ```\n", [(1, "a: 1\n")], id="block quote in a list"),
        pytest.param("> ```yaml\n> a: 1\nprose\n", [(1, "a: 1\n")], id="a block quote that ends closes its fence"),
        pytest.param("```yaml\r\na: 1\r\n```\r\n", [(1, "a: 1\r\n")], id="CRLF"),
        pytest.param("```yaml\ra: 1\r```\r", [(1, "a: 1\r")], id="CR"),
        pytest.param("```yaml\na: \u2028x\n```\n", [(1, "a: \u2028x\n")], id="U+2028 is no line end of Markdown"),
        pytest.param("````markdown\n```yaml\na: 1\n```\n````\n", [], id="inside another fence"),
        pytest.param("<!--\n```yaml\na: 1\n```\n-->\n", [], id="inside a comment"),
        pytest.param("<!-- x -->\n```yaml\na: 1\n```\n", [(2, "a: 1\n")], id="after a comment"),
        pytest.param("```json\n{}\n```\n", [], id="another language"),
        pytest.param("```\na: 1\n```\n", [], id="no language"),
        pytest.param("```yaml-jinja\na: 1\n```\n", [], id="a dialect"),
        pytest.param("```yamlx\na: 1\n```\n", [], id="a longer word"),
        pytest.param("```yaml `x`\na: 1\n", [], id="backticks in the info string: inline code"),
        pytest.param("``yaml\na: 1\n``\n", [], id="two backticks"),
        pytest.param("text ```yaml\na: 1\n```\n", [], id="in the middle of a line"),
        pytest.param("---\ntitle: x\n---\n", [], id="front matter"),
        pytest.param("", [], id="empty file"),
    ],
)
def test_fences(markdown: str, expected: list[tuple[int, str]]) -> None:
    assert [(source.line, source.text) for source in read(markdown)] == expected


def test_fences_are_counted_and_keep_what_was_named() -> None:
    found = read("```yaml\na: 1\n```\n```sh\nls\n```\n```yaml\nb: 1\n```\n")
    assert [(source.path, source.fence, source.named) for source in found] == [
        ("README.md", 0, True),
        ("README.md", 1, True),
    ]


def test_the_info_string_is_kept() -> None:
    assert [fence.info for fence in fences('```yaml name=a.yaml options="--x 1"\n```\n')] == [
        'yaml name=a.yaml options="--x 1"'
    ]


@pytest.mark.parametrize(
    ("markdown", "word"),
    [
        ("```yaml\na: here\n```\n", "here"),
        ("intro\n\n- list\n\n  ```yaml\n  a:\n    b: here\n  ```\n", "here"),
        ("> ```yaml\n>a: 1\n>   b: here\n> ```\n", "here"),
        ("> quote\n> > - ```yaml\n> >   x:\n> >   - here\n", "here"),
        ("  ```yaml\n here: 1\n", "here"),
        ("\t```yaml\r\n\ta: \U0001f600 here\r\n\t```\r\n", "here"),
    ],
)
def test_a_region_of_the_text_maps_to_the_file(markdown: str, word: str) -> None:
    (source,) = read(markdown)
    inner = _locate(source.text, word)
    assert source.outer(inner) == _locate(markdown, word)


def test_a_region_past_the_last_line_maps_to_column_one() -> None:
    (source,) = read("- x\n\n  ```yaml\n  a: 1\n")
    assert source.outer(Region(2, 1, 2, 1)) == Region(5, 1, 5, 1)


def test_a_region_of_a_file_is_its_own() -> None:
    region = Region(3, 4, 3, 9)
    assert Source("a.yaml", "a: 1\n").outer(region) is region


def test_a_bad_byte_counts_only_inside_a_fence() -> None:
    file = File("a.md", "/a.md", named=True)
    (prose,) = sources(file, b"caf\xe9\n```yaml\na: 1\n```\n")
    assert prose.problems == ()
    (fence,) = sources(file, b"> ```yaml\n> a: caf\xe9\n> ```\n")
    (problem,) = fence.problems
    assert problem.spot.region == Region(1, 7, 1, 8)
    assert fence.outer(Region(1, 7, 1, 8)) == Region(2, 9, 2, 10)


def test_many_fences_cost_no_more_than_their_length() -> None:
    assert len(read("> ```yaml\n> a: 1\n> ```\n" * 20_000)) == 20_000


def _locate(text: str, word: str) -> Region:
    before = text[: text.index(word)].replace("\r\n", "\n").replace("\r", "\n")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Region(line, column, line, column + len(word))
