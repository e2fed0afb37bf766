"""From a path back to the text: regions of keys, values and items, nested YAML, comments."""

import pytest

from meshlint.findings import Part, Region
from meshlint.reading import read
from meshlint.reading.comments import Comment, comments
from meshlint.reading.lines import split_lines
from meshlint.reading.nested import nested
from meshlint.reading.places import region, regions

MANIFEST = """\
# a comment
apiVersion: v1
kind: ConfigMap # c
metadata: {name: "x", "labels": {a: b}}
base: &b
  q: 1
  r: 2
spec:
  <<: *b
  r: 3
  hosts: [a, 'b c', "d"]
  list:
  - name: n1   # c
    port: 80
  - - a
    - b
  - {}
  - |
    lit # no
  -
    deep: 1
  - [x, {y: z}]
  m: some
    long text
  quoted: 'one
    two'
  block: >-
    text
  empty:
  tagged: !!str &z 5
  alias: *z
  ? long key
  : 1
  "a\\tb": 1
  on: yes
"""


def shown(text, path, part=Part.VALUE, document=0):
    found = region(text, read(text).documents[document], path, part)
    assert found.line == found.end_line
    return found.line, split_lines(text)[found.line - 1][found.column - 1 : found.end_column - 1]


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("kind",), (3, "ConfigMap"), (3, "kind")),
        (("metadata",), (4, "metadata"), (4, "metadata")),
        (("metadata", "labels"), (4, '"labels"'), (4, '"labels"')),
        (("metadata", "labels", "a"), (4, "b"), (4, "a")),
        (("spec", "q"), (6, "1"), (6, "q")),
        (("spec", "r"), (10, "3"), (10, "r")),
        (("base", "r"), (7, "2"), (7, "r")),
        (("spec", "hosts"), (11, "hosts"), (11, "hosts")),
        (("spec", "hosts", 0), (11, "a"), (11, "a")),
        (("spec", "hosts", 1), (11, "'b c'"), (11, "'b c'")),
        (("spec", "hosts", 2), (11, '"d"'), (11, '"d"')),
        (("spec", "list", 0), (13, "name"), (13, "name")),
        (("spec", "list", 0, "port"), (14, "80"), (14, "port")),
        (("spec", "list", 1), (15, "-"), (15, "-")),
        (("spec", "list", 1, 1), (16, "b"), (16, "b")),
        (("spec", "list", 2), (17, "{}"), (17, "{}")),
        (("spec", "list", 3), (18, "|"), (18, "|")),
        (("spec", "list", 4), (21, "deep"), (21, "deep")),
        (("spec", "list", 5), (22, "[x, {y: z}]"), (22, "[x, {y: z}]")),
        (("spec", "list", 5, 1), (22, "y"), (22, "y")),
        (("spec", "m"), (23, "some"), (23, "m")),
        (("spec", "quoted"), (25, "'one"), (25, "quoted")),
        (("spec", "block"), (27, "block"), (27, "block")),
        (("spec", "empty"), (29, "empty"), (29, "empty")),
        (("spec", "tagged"), (30, "5"), (30, "tagged")),
        (("spec", "alias"), (30, "5"), (31, "alias")),
        (("spec", "long key"), (33, "1"), (32, "long key")),
        (("spec", "a\tb"), (34, "1"), (34, '"a\\tb"')),
        (("spec", "true"), (35, "yes"), (35, "on")),
    ],
)
def test_value_and_key_of_a_field(path, value, key):
    assert shown(MANIFEST, path) == value
    assert shown(MANIFEST, path, Part.KEY) == key


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("spec", "nope"), (8, "spec")),
        (("spec", "list", 0, "nope", 3), (13, "name")),
        (("spec", "list", 99), (12, "list")),
        (("spec", "m", "nope"), (23, "m")),
        (("spec", "hosts", "nope"), (11, "hosts")),
        (("nope",), (4, '"x"')),
        ((), (4, '"x"')),
    ],
)
def test_what_does_not_exist_is_shown_at_what_should_hold_it(path, place):
    assert shown(MANIFEST, path) == place
    assert shown(MANIFEST, path, Part.KEY) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kind: A\nmetadata: {name: x}\n", (2, "x")),
        ("a: 1\nkind: A\nmetadata: {}\n", (2, "A")),
        ("a: 1\nkind: A\nmetadata:\n  name: {b: c}\n", (2, "A")),
        ("\n# c\na: {b: c}\n", (3, "a")),
        ("- a\n- b\n", (1, "-")),
        ("--- text\n", (1, "text")),
        ('{"kind": "A", "metadata": {"name": "x"}}', (1, '"x"')),
        ('{"kind": "A", "n": "\\ud83d\\ude00"}', (1, "{")),
    ],
)
def test_a_whole_document_is_shown_by_its_name(text, place):
    assert shown(text, ()) == place


def test_an_item_of_a_list_is_shown_by_its_name():
    text = "kind: List\nitems:\n- kind: A\n  metadata:\n    name: x\n- kind: B\n- c: d\n"
    assert [shown(text, ("items", item)) for item in range(3)] == [(5, "x"), (6, "B"), (7, "c")]
    assert shown(text, ("items", 0, "spec")) == (5, "x")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_and_columns_are_those_of_the_whole_text(line_break):
    text = line_break.join(
        ["# é", "a: 1", "---", "", "b:", "\U0001f600: [x, \U0001f600é, y]", "c: 'a", "  b'", "d: 1", "--- {e: 2}", ""]
    )
    first, second, third = read(text).documents
    wanted = [("\U0001f600", 1), ("\U0001f600", 2), ("c",), ("d",)]
    assert regions(text, second, [(path, Part.VALUE) for path in wanted]) == [
        Region(6, 8, 6, 10), Region(6, 12, 6, 13), Region(7, 4, 7, 6), Region(9, 4, 9, 5)
    ]  # fmt: skip
    assert region(text, first, ("a",)) == Region(2, 4, 2, 5)
    assert region(text, third, ("e",)) == Region(10, 9, 10, 10)


def test_a_byte_order_mark_is_a_code_point_of_its_line():
    text = "\ufeffa: 1\n---\n\ufeffb: 2\n"
    assert [region(text, document, (key,)) for document, key in zip(read(text).documents, "ab", strict=True)] == [
        Region(1, 5, 1, 6), Region(3, 5, 3, 6)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", ("a",), (3, "3")),
        ("x: &x {a: 1}\nb:\n  a: 2\n  <<: *x\n", ("b", "a"), (1, "1")),
        ("x: &x {a: 1}\nz: &z {a: 2, c: 3}\nb: {<<: [*x, *z]}\n", ("b", "a"), (1, "1")),
        ("x: &x {a: 1}\nz: &z {a: 2, c: 3}\nb: {<<: [*x, *z]}\n", ("b", "c"), (2, "3")),
        ("x: &x {a: [1, 2]}\nb: *x\n", ("b", "a", 1), (1, "2")),
        ("x: &x {a: [1, 2]}\nb: *x\n", ("b",), (2, "b")),
        ("x: &x\n  - &y\n    # c\n    !!str\n    v\nb: *y", ("b",), (5, "v")),
        ("{a: [2001:db8::1]}", ("a", 0), (1, "2001:db8::1")),
        ("a:\tb", ("a",), (1, "b")),
        ("a: [b,\n  c\n ]", ("a", 1), (2, "c")),
        ("a:\n  b", ("a",), (2, "b")),
        ("a: ''", ("a",), (1, "''")),
        ("a: ~", ("a",), (1, "~")),
    ],
)
def test_the_place_is_where_the_text_is(text, path, place):
    assert shown(text, path) == place


def test_every_field_lies_where_its_text_is():
    text = MANIFEST.replace("\n", "\r\n")
    document = read(text).documents[0]
    paths = list(_scalars(document.data, ()))
    assert len(paths) == 28
    for path in paths:
        line, written = shown(text, path)
        assert line <= len(split_lines(text))
        assert written == written.strip() != ""


def _scalars(data, path):
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _scalars(value, (*path, key))
    else:
        yield path


CONFIG_MAP = """\
kind: ConfigMap
data:
  mesh: |-  # header

    # first
    a:
      b: 'c'
  folded: >
    a: b
  inline: "a: b"
  number: 5
  indented: |4
        a: 1
      b: 2
  list:
  - |
   x: y
"""


@pytest.mark.parametrize(
    ("path", "inner", "place"),
    [
        (("data", "mesh"), ("a", "b"), (7, "'c'")),
        (("data", "mesh"), ("a",), (6, "a")),
        (("data", "folded"), ("a",), (8, "folded")),
        (("data", "inline"), ("a",), (10, "inline")),
        (("data", "list", 0), ("x",), (17, "y")),
    ],
)
def test_nested_yaml_maps_to_the_outer_text(path, inner, place):
    for text in (CONFIG_MAP, CONFIG_MAP.replace("\n", "\r\n")):
        found = nested(text, read(text).documents[0], path)
        assert found is not None
        at = found.outer(region(found.text, read(found.text).documents[0], inner))
        assert (at.line, split_lines(text)[at.line - 1][at.column - 1 : at.end_column - 1]) == place


@pytest.mark.parametrize("path", [("data", "number"), ("data",), ("data", "nope"), ()])
def test_there_is_no_nested_yaml_where_there_is_no_text(path):
    assert nested(CONFIG_MAP, read(CONFIG_MAP).documents[0], path) is None


def test_comments_are_those_of_yaml():
    text = (
        "# one\na: b # two\nc: 'x # no'\nd: |  # three\n  # no\n  x\n # four\ne: a#b\nf: \"#\" #five  \n"
        "g: [a, # six\n  b]\nh: x\n  y #seven\n---\n  # eight\n{\ni: 'a\n  # no'}\n"
    )
    seen = [(comment.line, comment.column, comment.text, comment.alone) for comment in comments(text)]
    assert seen == [
        (1, 1, "# one", True),
        (2, 6, "# two", False),
        (4, 7, "# three", False),
        (7, 2, "# four", True),
        (9, 8, "#five", False),
        (10, 8, "# six", False),
        (13, 5, "#seven", False),
        (15, 3, "# eight", True),
    ]


def test_in_a_document_that_does_not_parse_comments_on_lines_of_their_own_are_seen():
    assert comments("a: 'x\n  # one\nb: c # two\n") == [Comment(2, 3, "# one", alone=True)]
