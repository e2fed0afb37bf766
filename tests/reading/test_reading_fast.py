"""The fast reader: what it accepts, what it hands over, and that both readers agree."""

import subprocess
import sys
from pathlib import Path

import pytest
from reading import oracles

from meshlint.reading import fast, read, read_full
from meshlint.reading.handover import HandOver

ROOT = Path(__file__).parents[2]

ACCEPTED = [
    "a: 1",
    "---\na: 1\n",
    "--- # c\na: 1\n",
    "# c\n\na: 1 # c\n\n",
    "a:\r\n  b: c\r\n",
    "a:\n- b\n- c: 1\n  d: 2\n-   e: 3\n    f: 4\n",
    "a:\n  - b\n  -\n    c: 1\n  -\n",
    "- a\n- b\n",
    "a: 'it''s' # c\nb: \"x\\\"y\\\\\\u00e9\\n\"\n'c d': 1\n\"e\": 2\n",
    "a: [GET, 'POST', \"x\"]\nb: {c: 1, d: [e, {f: g}], \"h\":1}\nc: []\nd: {}\n",
    "a: [2001:db8::1, http://x/y]\n",
    "a: |\n  b\n   c\n\n  d\n\n\ne: |-\n  f\ng: |+\n  h\n\ni: |2\n    j\n",
    "a: >\n  b\n  c\n\n  d\n   e\n  f\n\ng: >-\n h\n i\nj: >+ # c\n  k\n\n",
    "a:\n- |\n  b\n- >-\n  c\n  d\n- e: |\n    f\n",
    "a: some\n  long\n\n  text\nb: c\n",
    "a:\n  text below\nb:\n  'quoted' # c\nc:\n  - d\n    e\n",
    "a: 'b\n  c\n\n  d' # e\nf: \"g\n  h\"\n",
    "a b c: d\nhttp://x: y\nweight: 1.0\non: off\n080: ::1\n",
    "a: x.b",
    "a: b#c\nd: -e\nf: ?g\nh: :i\nj: =\nk: 'é'\nl: 日本\n",
    "",
    "# only a comment",
]  # fmt: skip

HANDED_OVER = [
    "a: &x 1",
    "a: *x",
    "a: !t 1",
    "<<: {a: 1}",
    "? a\n: b",
    "a: 1\na: 2",
    "a: [b,\n  c]",
    "[a, b]",
    "text",
    "a:\n\t- b",
    "a: b\tc",
    "a: b\rc: d",
    "a: b\x85",
    "a: \ufeffb",
    "a: \x07",
    "a:\n  - - b",
    "a: .inf",
    "~: a",
    "%YAML 1.1\n---\na: b",
    'a: "\\q"',
    'a: "\\ud800"',
    "a: 'b",
    "a: b: c",
    "a: b\n c: d",
    "a: @b",
    "a: [b",
    "a: {b:c}",
    "- a\nb: c",
    "--- a",
    "a: b # c\n  d",
    "a: |\n\tb",
    "a: |\n    b\n  c\n",
    "k" * 2000 + ": 1",
    "a: " + "b" * 30_000,
    " " * 100 + "a: b",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_ordinary_yaml_is_accepted_and_read_alike(text):
    fast.parse(text)
    oracles.check_fast(text)


@pytest.mark.parametrize("text", HANDED_OVER)
def test_anything_else_is_handed_over(text):
    with pytest.raises(HandOver):
        fast.parse(text)
    assert read(text) == read_full(text)


def test_all_yaml_of_the_repository_is_read_alike():
    paths = [path for folder in ("examples", "tests", "docs") for path in (ROOT / folder).rglob("*.y*ml")]
    texts = [path.read_bytes().decode("utf-8", "surrogateescape") for path in paths]
    for text in texts:
        assert read(text) == read_full(text)


def test_the_memo_is_bounded(monkeypatch):
    monkeypatch.setattr(fast, "_MEMO_SIZE", 10)
    fast.parse("".join(f"k{number}: {number}\n" for number in range(1000)))
    assert len(fast._memo) <= 10


def test_ordinary_documents_load_no_parser():
    program = """
import sys
from meshlint.findings import Part
from meshlint.reading import read
from meshlint.reading.comments import comments
from meshlint.reading.nested import nested
from meshlint.reading.places import regions
text = "# c\\nkind: A\\nspec:\\n  hosts: [a, {b: c}] # d\\n  x: |\\n    a: 1\\n"
document = read(text).documents[0]
regions(text, document, [(("spec", "hosts", 1, "b"), Part.VALUE), ((), Part.KEY)])
nested(text, document, ("spec", "x"))
assert len(comments(text)) == 2
print(*(name for name in sys.modules if "ruamel" in name or name in ("meshlint.reading.full", "meshlint.reading.nodes")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
