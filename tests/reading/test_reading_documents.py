"""Documents of a text: where they begin and end, what is dropped, what an error spares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.reading import read, read_full
from meshlint.reading.documents import count_lines, split
from meshlint.reading.lines import split_lines


def contents(text):
    return [document.data for document in read(text).documents]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", []),
        ("\n \n\t\n", []),
        ("# only a comment\n", []),
        ("---\n---\n...\n", []),
        ("null\n---\n~\n", []),
        ("a: 1", [{"a": 1}]),
        ("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("---\na: 1\n--- # next\nb: 2\n---\n", [{"a": 1}, {"b": 2}]),
        ("--- {a: 1}\n--- [b]\n--- text\n", [{"a": 1}, ["b"], "text"]),
        ("--- |\n a\n---\nb: 1\n", ["a\n", {"b": 1}]),
        ("a: 1\n...\nb: 2\n...\n", [{"a": 1}, {"b": 2}]),
        ("%YAML 1.1\n---\na: 1\n", [{"a": 1}]),
        ("%YAML 1.2\n# c\n---\na: 1\n...\n%TAG ! tag:x,2000:\n---\nb: !c 2\n", [{"a": 1}, {"b": "2"}]),
        ("a: |\n  ---\n  ...\nb: 1\n", [{"a": "---\n...\n", "b": 1}]),
        ("a: ---\nb: ...\nc: ---x\n---d: 1\n", [{"a": "---", "b": "...", "c": "---x", "---d": 1}]),
        ("a: 1\r\n---\r\nb: 2\r\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\r---\rb: 2", [{"a": 1}, {"b": 2}]),
        ("\ufeffa: 1\n", [{"a": 1}]),
        ("\ufeff---\na: 1\n---\n\ufeffb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\n\ufeff---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\n---\tb: 2\n", [{"a": 1}]),
        ('{"a": 1}\n---\n{\n\t"b": [2, "\\/"]\n}\n', [{"a": 1}, {"b": [2, "/"]}]),
        ('{"face": "\\ud83d\\ude00", "n": 1.0}', [{"face": "\U0001f600", "n": 1}]),
        ("a: x\x85b: 2", [{"a": "x", "b": 2}]),
        ("5\n--- text\n---\n- a\n", [5, "text", ["a"]]),
    ],
)
def test_documents_of_a_text(text, data):
    assert contents(text) == data


def test_a_document_knows_where_it_lies():
    text = "# head\na: 1\n---\r\n\nb: é\n...\n\n\n---\nc: 3"
    documents = read(text).documents
    assert [(text[found.start : found.end], found.line) for found in documents] == [
        ("# head\na: 1\n", 0),
        ("---\r\n\nb: é\n", 2),
        ("---\nc: 3", 8),
    ]


@pytest.mark.parametrize(
    "broken", ["a: 'x", "a: [", "\ta: b", "a: b: c", "{{ x }}", "a: *b", "a: \x00", "? [a]", "a: " + "[" * 10_000]
)
def test_an_error_spares_the_other_documents(broken):
    reading = read(f"first: 1\n---\n{broken}\n---\nlast: 2\n")
    assert [document.data for document in reading.documents] == [{"first": 1}, {"last": 2}]
    assert [problem.spot.region.line for problem in reading.problems] == [3]


def test_duplicate_keys_are_reported_and_the_last_wins():
    reading = read("x: 1\n---\nspec:\n  a: 1\n  b: 2\n  'a': 3\n  a: {c: 1, c: 2}\n")
    assert reading.documents[1].data == {"spec": {"a": {"c": 2}, "b": 2}}
    seen = [
        (p.key, p.first.region.line, p.first.region.column, p.spot.region.line, p.spot.region.column, p.spot.document)
        for p in reading.problems
    ]
    assert seen == [("a", 4, 3, 6, 3, 1), ("a", 6, 3, 7, 3, 1), ("c", 7, 7, 7, 13, 1)]
    assert [problem.spot.path for problem in reading.problems] == [("spec", "a"), ("spec", "a"), ("spec", "a", "c")]


def test_an_alias_can_be_a_duplicate_key():
    (problem,) = read("x: &x a\na: 1\n*x : 2\n").problems
    assert (problem.key, problem.spot.region.line, problem.first.region.line) == ("a", 3, 2)


@pytest.mark.parametrize(
    ("text", "key"), [("true: 1\n'true': 2\n", "true"), ("1: a\n'1': b", "1"), ("yes: 1\non: 2", "true")]
)
def test_keys_are_duplicate_when_json_has_one_name_for_them(text, key):
    assert [problem.key for problem in read(text).problems] == [key]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("x: &x {a: 1, b: 2}\nz: {<<: *x, b: 3}", {"a": 1, "b": 3}),
        ("x: &x {a: 1, b: 2}\nz:\n  b: 3\n  <<: *x\n", {"a": 1, "b": 2}),
        ("x: &x {a: 1}\nw: &w {a: 2, c: 3}\nz:\n  <<: [*x, *w, {d: 4}]\n", {"a": 1, "c": 3, "d": 4}),
        ("z: {<<: {a: 1}, <<: {a: 2}}", {"a": 2}),
        ('z: {"<<": {a: 1}}', {"<<": {"a": 1}}),
        ("z: [<<, =]", ["<<", "="]),
        ("x: &x 1\ny1: &x 2\nz: *x", 2),
        ("x: &x a\nz: {*x : 1}", {"a": 1}),
        ("x: &x\nz: *x", None),
    ],
)
def test_anchors_and_merges(text, data):
    reading = read(text)
    assert not reading.problems
    assert reading.documents[0].data["z"] == data


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: *x", "does not define"),
        ("a: &x 1\n---\nb: *x", "does not define"),
        ("a: &x [*x]", "stands inside the value"),
        ("a: &x {b: {c: *x}}", "stands inside the value"),
        ("a: {<<: 5}", "merges mappings"),
        ("a: {<<: [{b: 1}, 5]}", "merges mappings"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{k}: &{k} [{','.join(['*' + p] * 9)}]\n" for p, k in zip("abcdefgh", "bcdefghi", strict=True)),
            "100,000 nodes",
        ),
        ("a0: &a0 [[x]]\n" + "".join(f"a{n + 1}: &a{n + 1} [[*a{n}]]\n" for n in range(150)), "levels deep"),
        ("[" * 10_000 + "]" * 10_000, "levels deep"),
        ("- " * 10_000, "levels deep"),
        ("{a: " * 3_000, "levels deep"),
    ],
)
def test_aliases_and_nesting_have_limits(text, words):
    (problem,) = read(text).problems
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: [2001:db8::1, b:c]", ["2001:db8::1", "b:c"]),
        ("a: {b:c, d: http://e/f}", {"b:c": None, "d": "http://e/f"}),
        ("a: {b:}", {"b:": None}),
        ("a: [" + ", ".join(["b::"] * 300) + "]", ["b::"] * 300),
        ("a: [" + ", ".join(["2001:db8::1"] * 300) + "]", ["2001:db8::1"] * 300),
        ("a: [b:, c]", ["b:", "c"]),
        ("a: [!!str b:c, \"d:e\", 'f:g', h:i]", ["b:c", "d:e", "f:g", "h:i"]),
        ("a: [x?y=z]", ["x?y=z"]),
        ("a: {'b':1, \"c\":[2]}", {"b": 1, "c": [2]}),
        ("a: [b:c, \ue000]", ["b:c", "\ue000"]),
    ],
)
def test_flow_forms_that_libyaml_refuses_and_kubernetes_accepts(text, data):
    assert contents(text) == [{"a": data}]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\tb: c", "2:1", "a tab indents"),
        ("a: 'x\nb: c\n", "1:4", "quote `'` is never closed"),
        ("a: [1, 2\nb: c\n", "1:4", "bracket `[` is never closed"),
        ("a: {b: c\n", "1:4", "bracket `{` is never closed"),
        ("a: [b c: d: e]", "1:11", "a comma or the end of `[`"),
        ("a: b: c", "1:5", "a `:` where no key can stand"),
        ("a: b\n  c: d\n", "2:4", "a `:` where no key can stand"),
        ("apiVersion v1\nkind: x\n", "1:1", "neither `key: value`"),
        ("a: b\nc\nd: e\n", "2:1", "neither `key: value`"),
        ("a:\n  b: c\n d: e\n", "3:2", "indentation of this line"),
        ("- a\nb: c\n", "2:1", "no item of the list"),
        ("h:\n- *.example.com\n", "2:3", "cannot start with `*`"),
        ("a: @x\n", "1:4", "cannot start with `@`"),
        ("a: 'x' y\n", "1:8", "text after the end of a value"),
        ("a: - b\n", "1:4", "a list item cannot start here"),
        ('a: "\\q"\n', "1:5", "unknown escape"),
        ("a: \U0001f600 *b: c", "1:8", "a `:` where no key can stand"),
        ("a: {{ .Values.x }}\n", "1:4", "template syntax"),
        ("{{- if x }}\na: b\n{{ end }}\n", "1:1", "template syntax"),
        ("a:\n  {% if x %}\nc: d\n", "2:3", "template syntax"),
        ("a: b\x07", "1:5", "U+0007"),
        ("é: \ud800", "1:4", "U+D800"),
        ("a: ]", "1:4", "`]` where a value should stand"),
        ("a: !x!y z", "1:4", "a tag of a namespace"),
        ("a: |x\n b", "1:5", "not valid YAML"),
    ],
)
def test_errors_are_said_in_plain_words_at_their_place(text, place, words):
    (problem,) = read(text).problems
    assert (f"{problem.spot.region.line}:{problem.spot.region.column}", words in problem.message, problem.message) == (
        place,
        True,
        problem.message,
    )


@given(
    st.lists(
        st.sampled_from(["a: 1", "---", "--- x", "...", "", " ", "# c", "%YAML 1.1", "\ufeff---", "- b", "'", "--"]),
        max_size=12,
    ),
    st.sampled_from(["\n", "\r\n", "\r", "\x85"]),
)
def test_pieces_follow_each_other_and_lose_nothing_but_blanks_and_ends(lines, line_break):
    text = line_break.join(lines)
    at = 0
    for piece in split(text):
        assert piece.start >= at
        assert not text[at : piece.start].strip("\n\r\x85 \t\ufeff.")
        assert piece.line == count_lines(text, 0, piece.start)
        at = piece.end
    assert not text[at:].strip("\n\r\x85 \t\ufeff.")


@given(st.text(st.sampled_from("a:-'\"[]{}#|>&*! \n\r\t\x85\ufeff\x00é\U0001f600,?%@`~\\0"), max_size=60))
def test_no_text_raises(text):
    reading = read_full(text)
    assert read(text) == reading
    lines = split_lines(text)
    for problem in reading.problems:
        region = problem.spot.region
        assert 1 <= region.column < region.end_column
        assert region.line == region.end_line <= len(lines)


def test_reading_is_linear_in_the_number_of_documents():
    documents = 3000
    reading = read("a: 1\n---\n" * documents)
    assert [document.line for document in reading.documents] == [0, *range(1, 2 * documents - 1, 2)]
