"""Fixes change what they must, and nothing else."""

import difflib
import os
import random
import re
import shutil
import subprocess
from typing import Any

import pytest
from adoption.running import Shop
from hypothesis import given as drawn
from hypothesis import settings as tried
from hypothesis import strategies as st
from support import all_rules

from examples import examples
from meshlint.cli.check import check
from meshlint.cli.options import given
from meshlint.cli.settings import settings_of
from meshlint.config import merged
from meshlint.engine import Input, lint
from meshlint.findings import Region
from meshlint.fixes import fixed, unified
from meshlint.fixes.scalars import written
from meshlint.reading import read
from meshlint.registry import load
from meshlint.report.model import PlannedEdit, PlannedFix, Report
from meshlint.sources import File, sources

NOWHERE = Region(1, 1, 1, 2)


def change(text: str, *edits: tuple[tuple[str | int, ...], str, Any], name: str = "a.yaml", document: int = 0) -> str:
    """The text after one fix with these edits; unchanged where that is refused."""
    fence = 0 if name.endswith(".md") else None
    planned = tuple(
        PlannedEdit(name, NOWHERE, None, action, value, fence, document, path) for path, action, value in edits
    )
    file = File(name, "", named=True)
    return fixed(file, text.encode(), [PlannedFix("", planned)]).after.decode()


SET = {
    "plain": ("a: b  # c\n", "x", "a: x  # c\n"),
    "single quotes stay": ("a: 'b'\n", "x", "a: 'x'\n"),
    "double quotes stay": ('a: "b"\n', "x", 'a: "x"\n'),
    "a number": ('a: "80"\n', 80, "a: 80\n"),
    "a text that would be a number": ("a: 80\n", "80", 'a: "80"\n'),
    "a text that would be true": ("a: b\n", "yes", 'a: "yes"\n'),
    "a text that would be a comment": ("a: b\n", "x #y", 'a: "x #y"\n'),
    "a text that would be an alias": ("a: b\n", "*.x", 'a: "*.x"\n'),
    "a colon": ("a: b\n", "x: y", 'a: "x: y"\n'),
    "true": ("a: 'true'\n", True, "a: true\n"),
    "nothing there": ("a:\nb: 1\n", "x", "a: x\nb: 1\n"),
    "flow": ("{a: b, c: [d]}\n", "x", "{a: x, c: [d]}\n"),
    "flow list": ("a: [b, c]  # d\n", ["x", 1], 'a: ["x",1]  # d\n'),
    "line ends": ("a: b\r\nc: d\r\n", "x", "a: x\r\nc: d\r\n"),
    "byte order mark": ("\ufeffa: b\n", "x", "\ufeffa: x\n"),
    "no line end": ("a: b", "x", "a: x"),
    "several lines": ("a: b\n  c\nd: e\n", "x", "a: x\nd: e\n"),
}


@pytest.mark.parametrize(("text", "value", "expected"), SET.values(), ids=SET)
def test_set(text: str, value: object, expected: str) -> None:
    assert change(text, (("a",), "set", value)) == expected


RENAME = {
    "plain": ("a:   b # c\n", "x:   b # c\n"),
    "quotes stay": ("'a' : b\n", "'x' : b\n"),
    "flow": ("{c: 1, a: b}\n", "{c: 1, x: b}\n"),
    "block below": ("a:\n- b\n-  c\n", "x:\n- b\n-  c\n"),
}


@pytest.mark.parametrize(("text", "expected"), RENAME.values(), ids=RENAME)
def test_rename(text: str, expected: str) -> None:
    assert change(text, (("a",), "rename", "x")) == expected


REMOVE = {
    "first": ("a: 1  # of a\nb: 2\n", ("a",), "b: 2\n"),
    "last": ("b: 2\n# c\na: 1\n", ("a",), "b: 2\n# c\n"),
    "block": ("a:\n  c: |\n    d\n\n    e\n# b\nb: 2\n", ("a",), "# b\nb: 2\n"),
    "no line end": ("b: 2\na: 1", ("a",), "b: 2\n"),
    "in a list item": ("- a: 1\n  b: 2\n", (0, "a"), "- b: 2\n"),
    "second in a list item": ("- b: 2\n  a: 1\n- c\n", (0, "a"), "- b: 2\n- c\n"),
    "item": ("- a\n-   b: 1\n    c: 2\n- d\n", (1,), "- a\n- d\n"),
    "first in flow": ("{a: 1, b: 2}\n", ("a",), "{b: 2}\n"),
    "last in flow": ("{b: 2, a: 1}\n", ("a",), "{b: 2}\n"),
    "only in flow": ("c: {a: 1}\n", ("c", "a"), "c: {}\n"),
    "item in flow": ("[1, 2, 3]\n", (1,), "[1, 3]\n"),
}


@pytest.mark.parametrize(("text", "path", "expected"), REMOVE.values(), ids=REMOVE)
def test_remove(text: str, path: tuple[str | int, ...], expected: str) -> None:
    assert change(text, (path, "remove", None)) == expected


MOVE = {
    "block": ("a:  1  # c\nb: 2\n", "x:  {in: 1}  # c\nb: 2\n"),
    "flow": ("{b: 2, a: 1}\n", "{b: 2, x: {in: 1}}\n"),
    "quotes stay": ('"a": "1"\n', 'x: {in: "1"}\n'),
    "what is there is not overwritten": ("a: 1\nx: {z: 1}\n", "a: 1\nx: {z: 1}\n"),
    "what flow would read otherwise": ("a: b, c\n", "a: b, c\n"),
    "a collection": ("a: [1]\n", "a: [1]\n"),
}


@pytest.mark.parametrize(("text", "expected"), MOVE.values(), ids=MOVE)
def test_move(text: str, expected: str) -> None:
    assert change(text, (("a",), "move", ("x", "in"))) == expected


REFUSED = {
    "what aliases share": ("a: &x b\nc: *x\n", (("a",), "set", "y")),
    "what an alias brings": ("c: &x {a: 1}\nb: *x\n", (("b", "a"), "set", 2)),
    "what a merge brings": ("c: &x {a: 1}\nb: {<<: *x}\n", (("b", "a"), "set", 2)),
    "a block": ("a:\n  b: 1\n", (("a",), "set", 1)),
    "a block scalar": ("a: |\n  b\n", (("a",), "set", "c")),
    "a name that is there": ("a: 1\nb: 2\n", (("a",), "rename", "b")),
    "the only field of a block": ("c:\n  a: 1\n", (("c", "a"), "remove", None)),
    "the only item of a block": ("c:\n- a\n", (("c", 0), "remove", None)),
    "a comment between": ("- a: 1\n  # b\n  b: 2\n", ((0, "a"), "remove", None)),
    "a tag": ("a: !!str 5\n", (("a",), "set", "6")),
    "nothing there": ("a: 1\n", (("b",), "set", 1)),
    "no change": ("a: 1\n", (("a",), "set", 1)),
}


@pytest.mark.parametrize(("text", "edit"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_small_and_certain_form_is_left_alone(text: str, edit: tuple[Any, ...]) -> None:
    assert change(text, edit) == text


def test_a_fix_is_done_wholly_or_not_at_all() -> None:
    text = "a: 1\nb: 2\n"
    assert change(text, (("a",), "set", 3), (("nowhere",), "set", 3)) == text
    assert change(text, (("a",), "set", 3), (("b",), "remove", None)) == "a: 3\n"


def test_one_document_of_several_is_changed() -> None:
    assert change("a: 1\n---\na: 1\n", (("a",), "set", 2), document=1) == "a: 1\n---\na: 2\n"


def test_a_fence_keeps_its_indent_and_its_quote() -> None:
    text = "# T\n\n1. x\n\n   ```yaml\n   a: 1\n   b: 2\n   ```\n\n> ```yaml\n> a: 1\n> ```\n"
    assert change(text, (("b",), "set", 3), name="a.md") == text.replace("b: 2", "b: 3")
    assert change(text, (("a",), "remove", None), name="a.md") == text.replace("   a: 1\n", "", 1)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_is_kept(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    planned = PlannedFix("", (PlannedEdit("a.yaml", NOWHERE, None, "set", "ü", None, 0, ("a",)),))
    after = fixed(File("a.yaml", ""), mark + "a: b\n".encode(encoding), [planned]).after
    assert after == mark + 'a: "ü"\n'.encode(encoding)


def test_fixes_that_touch_each_other_wait_for_the_next_round() -> None:
    def planned(value: int) -> PlannedFix:
        return PlannedFix(str(value), (PlannedEdit("a.yaml", NOWHERE, None, "set", value, None, 0, ("a",)),))

    outcome = fixed(File("a.yaml", ""), b"a: 1\n", [planned(2), planned(3)])
    assert (outcome.after, [fix.description for fix in outcome.done]) == (b"a: 2\n", ["2"])


def test_a_fix_that_cannot_be_confirmed_costs_no_other() -> None:
    edits = [(("a",), "rename", "b"), (("c",), "set", 4), (("d",), "set", 5)]
    planned = [PlannedFix("", (PlannedEdit("a.yaml", NOWHERE, None, act, v, None, 0, p),)) for p, act, v in edits]
    outcome = fixed(File("a.yaml", ""), b"a: 1\nb: 2\nc: 3\nd: 4\n", planned)
    assert outcome.after == b"a: 1\nb: 2\nc: 4\nd: 5\n"


@pytest.mark.parametrize(
    "value", ["a", "", " a", "on", "1.0", "0x1", "~", "a:", "- a", "é", "\n", "'", '"', "1:30", "a, b", "=", "<<"]
)
@pytest.mark.parametrize("style", ["", "'", '"'])
def test_a_written_text_is_read_as_it_was(value: str, style: str) -> None:
    for form in ("{}", "a: {}", "[{}]", "{{a: {}, b: 1}}"):
        text = form.format(written(value, style))
        assert repr(value) in repr(read(text + "\n").documents[0].data), text


# --- over examples and mutated files -----------------------------------------------------------------------------

GOOD = [
    text
    for meta in all_rules().values()
    for example in examples(load(meta.module).page)
    for text in example.texts
    if not example.options
]
NUMBER = re.compile(r"(?<=: )\d+(?=[,}\]\n])")
KEY = re.compile(r"(?<=[ {])([a-z][A-Za-z]{4,})(?=: |:\n)")


def settings_for_all() -> Any:
    """Every rule on."""
    return settings_of(merged(None, given(check.make_context("check", ["--extend-select", "all"]))))


def report_of(file: File, content: bytes, settings: Any) -> Report:
    return lint(Input(list(sources(file, content))), settings)


def settled(file: File, content: bytes, settings: Any) -> tuple[bytes, int, Report]:
    """The content after all rounds, how many edits that took, and the last report."""
    edits = 0
    for _ in range(10):
        found = report_of(file, content, settings)
        outcome = fixed(file, content, [item.fix for item in found.findings if item.fix])
        if outcome.after == content:
            return content, edits, found
        edits += sum(len(fix.edits) for fix in outcome.done)
        content = outcome.after
    raise AssertionError("fixes without end")


def assert_only_edited_lines_differ(before: bytes, after: bytes, edits: int) -> None:
    old, new = before.decode().split("\n"), after.decode().split("\n")
    opcodes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = sum(max(b - a, d - c) for tag, a, b, c, d in opcodes if tag != "equal")
    assert changed <= edits
    assert len(new) == len(old), "no fix of today removes lines"


@pytest.mark.parametrize("number", range(0, len(GOOD), 8))
def test_over_all_examples(number: int) -> None:
    settings = settings_for_all()
    for text in GOOD[number : number + 8]:
        file, content = File("a.yaml", "", named=True), text.encode()
        after, edits, last = settled(file, content, settings)
        assert_only_edited_lines_differ(content, after, edits)
        assert not [item for item in last.findings if item.rule == "ML001" and b"ML001" not in content]


def _mutated(text: str, chance: random.Random) -> str:
    """A text with a slip in it, and an unusual layout."""
    slips = [
        lambda text: NUMBER.sub(lambda match: f'"{match[0]}"', text, count=1),
        lambda text: _slip_of_a_key(text, chance),
        lambda text: text,
    ]
    layouts = [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: re.sub(r"(?m)^( *)", lambda match: match[1] * 2, text),
        lambda text: re.sub(r"(?m)(?<=[a-z0-9])$", "   # said ünder oath", text),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: re.sub(r"(?m)^(?=\S)(?!---)", "# above\n\n", text, count=3),
        lambda text: text.replace(": ", ":    "),
        _as_list,
    ]
    for change_it in (chance.choice(slips), chance.choice(slips), chance.choice(layouts)):
        text = change_it(text)
    return text


def _slip_of_a_key(text: str, chance: random.Random) -> str:
    keys = list(KEY.finditer(text))
    if not keys:
        return text
    match = chance.choice(keys)
    at = chance.randrange(match.start() + 1, match.end() - 1)
    return text[:at] + text[at + 1 :]


def _as_list(text: str) -> str:
    rows = [f"- {part.strip()}".replace("\n", "\n  ") for part in text.split("---\n") if part.strip()]
    return "apiVersion: v1\nkind: List\nitems:\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize("seed", range(20))
def test_over_mutated_files(seed: int) -> None:
    """100 files a seed. The result parses, what was fixed is gone, and only lines that had to change did."""
    chance = random.Random(seed)
    settings = settings_for_all()
    fixes = 0
    for number in range(100):
        text = _mutated(chance.choice(GOOD), chance)
        name = "a.md" if number % 10 == 0 else "a.yaml"
        text = f"Text.\n\n~~~yaml\n{text}\n~~~\n" if name == "a.md" and "\ufeff" not in text else text
        file, content = File(name, "", named=True), text.encode()
        first = report_of(file, content, settings)
        after, edits, last = settled(file, content, settings)
        assert_only_edited_lines_differ(content, after, edits)
        left = {(item.rule, item.region.line, item.message) for item in last.findings}
        assert left.isdisjoint(
            (item.rule, item.region.line, item.message)
            for item in first.findings
            if item.fix and item.fix not in [other.fix for other in last.findings]
        )
        broken = [item for item in first.findings if item.rule == "ML001"]
        assert len([item for item in last.findings if item.rule == "ML001"]) == len(broken)
        fixes += edits
    assert fixes > 20, "the slips are not those that have fixes"


VIRTUAL_SERVICE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: reviews, namespace: shop}}
spec:
  hosts: [reviews.example.com]
  gateways: [{gateway}]
  http:
  - route: [{{destination: {{host: reviews.shop.svc.cluster.local}}}}]
    fault: {{delay: {{fixedDelay: 1s, {delay}}}}}
    {timeout}  # kept
"""


@pytest.mark.parametrize(
    ("slips", "fixed_slips"),
    [
        ({"timeout": "timout: 5s"}, {"timeout": "timeout: 5s"}),
        ({"gateway": "edge.shop.svc.cluster.local"}, {"gateway": "shop/edge"}),
        ({"delay": "percent: 5"}, {"delay": "percentage: {value: 5}"}),
        ({"delay": 'percentage: {value: "5"}'}, {"delay": "percentage: {value: 5}"}),
    ],
    ids=["near miss of a field", "gateway as a host", "deprecated field", "quoted number"],
)
def test_what_is_fixed_today(shop: Shop, slips: dict[str, str], fixed_slips: dict[str, str]) -> None:
    plain = {"gateway": "shop/edge", "delay": "percentage: {value: 5}", "timeout": "timeout: 5s"}
    file = shop.write("a.yaml", VIRTUAL_SERVICE.format(**plain | slips))
    shop.lint("--fix")
    assert file.read_text() == VIRTUAL_SERVICE.format(**plain | fixed_slips)


def test_a_deprecated_version_is_fixed_where_both_have_one_schema(shop: Shop) -> None:
    route = "apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: {kind}\nmetadata: {{name: a, namespace: shop}}\n"
    spec = "spec: {{parentRefs: [{{name: public}}], rules: [{{backendRefs: [{{name: a, port: 80}}]}}]}}\n"
    grpc, tls = ((route + spec).format(kind=kind) for kind in ("GRPCRoute", "TLSRoute"))
    same, other = shop.write("grpc.yaml", grpc), shop.write("tls.yaml", tls)
    shop.lint("--fix", "--gateway-api-version", "1.1")
    assert same.read_text() == grpc.replace("v1alpha2", "v1")
    shop.lint("--fix", "--gateway-api-version", "1.6")
    assert other.read_text() == tls


KINDS = {
    "a version that is not served": (
        "apiVersion: networking.istio.io/v1alpha1\nkind: VirtualService\n",
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\n",
    ),
    "a misspelt kind of a version that is served": (
        "apiVersion: networking.istio.io/v1beta1\nkind: VirtualServices\n",
        "apiVersion: networking.istio.io/v1beta1\nkind: VirtualService\n",
    ),
    "a misspelt group": (
        "apiVersion: 'networking.isto.io/v1'  # kept\nkind: VirtualService\n",
        "apiVersion: 'networking.istio.io/v1'  # kept\nkind: VirtualService\n",
    ),
    "a misspelt kind in a group without version": (
        "apiVersion: networking.istio.io\nkind: VirtualServices\n",
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\n",
    ),
    "another group": (
        "apiVersion: networking.istio.io/v1\nkind: HttpRoute\n",
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n",
    ),
    "nothing that was meant": (
        "apiVersion: networking.istio.io/v1\nkind: Banana\n",
        "apiVersion: networking.istio.io/v1\nkind: Banana\n",
    ),
    "a version of which several would do": (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: TCPRoute\n",
        "apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TCPRoute\n",
    ),
}


@pytest.mark.parametrize(("slip", "meant"), KINDS.values(), ids=KINDS)
def test_the_kind_that_was_meant_is_written(shop: Shop, slip: str, meant: str) -> None:
    rest = "metadata: {name: a, namespace: shop}\n"
    file = shop.write("a.yaml", slip + rest)
    shop.lint("--fix", "--select", "ML100,ML105", "--gateway-api-version", "1.4")
    assert file.read_text() == meant + rest


# --- on the command line -----------------------------------------------------------------------------------------

SLIP = """\
# A comment.
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}   # kept
spec:
    hosts: ['reviews']
    http:
    -   timout: "5s"   # here
        retries: {attempts: "3"}
        route:
        -   destination: {host: "reviews"}
"""
FIXED = SLIP.replace("timout", "timeout").replace('"3"', "3")


def test_diff_shows_what_fix_writes(shop: Shop) -> None:
    file = shop.write("with blank/a.yaml", SLIP)
    file.chmod(0o640)
    shown = shop.lint("--diff")
    assert shown.code == 1
    assert file.read_text() == SLIP
    assert shop.lint("--fix").code == 0
    assert file.read_text() == FIXED
    assert file.stat().st_mode & 0o777 == 0o640
    assert shown.out == unified("with blank/a.yaml", SLIP.encode(), FIXED.encode())
    assert [path.name for path in file.parent.iterdir()] == ["a.yaml"]


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@pytest.mark.parametrize("text", [SLIP, SLIP.rstrip("\n"), SLIP.replace("\n", "\r\n")], ids=["lf", "no end", "crlf"])
def test_the_diff_can_be_applied(shop: Shop, text: str) -> None:
    file = shop.folder / "a.yaml"
    file.write_bytes(text.encode())
    shown = shop.lint("--diff").out
    (shop.folder / "x.diff").write_bytes(shown.encode())
    subprocess.run(["patch", "-p1", "--binary", "-i", "x.diff"], cwd=shop.folder, check=True, capture_output=True)
    assert file.read_bytes() == text.replace("timout", "timeout").replace('"3"', "3").encode()


@tried(max_examples=300, deadline=None)
@drawn(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("aaaaabc")), max_size=30),
    st.sampled_from(["", "\n"]),
)
def test_a_diff_of_changed_lines_is_that_of_difflib(pairs: list[tuple[str, str]], end: str) -> None:
    """Up to which of several equal lines counts as kept, which both may choose: so both are applied and compared."""
    old, new = ("\n".join(side) + end for side in (zip(*pairs, strict=True) if pairs else ("", "")))
    text = unified("a", old.encode(), new.encode())
    assert (text == "") is (old == new)
    assert _patched(old, text) == new


def _patched(old: str, diff: str) -> str:
    """Apply a unified diff by its line numbers."""
    lines, result, at = old.split("\n"), [], 0
    for row in diff.split("\n")[2:]:
        if row.startswith("@@"):
            start = int(re.findall(r"\d+", row)[0]) - 1
            result += lines[at:start]
            at = start
        elif row.startswith("+"):
            result.append(row[1:])
        elif row.startswith((" ", "-")):
            assert lines[at] == row[1:]
            result += [row[1:]] if row[0] == " " else []
            at += 1
    return "\n".join([*result, *lines[at:]])


def test_a_second_run_changes_nothing(shop: Shop) -> None:
    file = shop.write("a.yaml", SLIP)
    shop.lint("--fix")
    before = (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino)
    assert "nothing to fix" in shop.lint("--fix").err
    assert before == (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino)


def test_fix_reports_what_is_left(shop: Shop) -> None:
    shop.write("a.yaml", SLIP.replace("route:", "rooute: {}\n        route:"))
    ran = shop.lint("--fix", "-f", "text")
    assert ran.code == 1
    assert [line.split()[2] for line in ran.out.splitlines()] == ["ML101"]
    assert "2 fixes in 1 file written" in ran.err


def test_suppressed_and_ignored_findings_are_not_fixed(shop: Shop) -> None:
    text = SLIP.replace("# here", "# meshlint: ignore[ML101] later").replace('"3"', "3")
    file = shop.write("a.yaml", text)
    shop.lint("--fix")
    assert file.read_text() == text
    shop.write("a.yaml", SLIP)
    shop.lint("--fix", "--ignore", "ML1")
    assert file.read_text() == SLIP


def test_a_link_stays_a_link(shop: Shop) -> None:
    file = shop.write("real/a.yaml", SLIP)
    (shop.folder / "link.yaml").symlink_to(file)
    shop.lint("--fix", "link.yaml")
    assert (shop.folder / "link.yaml").is_symlink()
    assert file.read_text() == FIXED


def test_standard_input_can_be_shown_but_not_fixed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        class buffer:  # noqa: N801 - as sys.stdin has it
            read = staticmethod(SLIP.encode)

    monkeypatch.setattr("sys.stdin", Stdin)
    assert "+    -   timeout" in shop.lint("--diff", "-").out
    ran = shop.lint("--fix", "-")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: standard input cannot be fixed")


@pytest.mark.parametrize("one", ["--fix", "--diff", "--hook"])
@pytest.mark.parametrize("other", [("--hook",), ("--write-baseline", "x.json")])
def test_options_that_mean_nothing_together(shop: Shop, one: str, other: tuple[str, ...]) -> None:
    if one == other[0]:
        return
    ran = shop.lint(one, *other, "a.yaml")
    assert ran.code == 2
    assert "do not go together" in ran.err
    assert list(shop.folder.iterdir()) == [shop.folder / ".git"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_said(shop: Shop) -> None:
    file = shop.write("closed/a.yaml", SLIP)
    file.parent.chmod(0o500)
    try:
        ran = shop.lint("--fix")
    finally:
        file.parent.chmod(0o700)
    assert ran.code == 2
    assert "cannot write" in ran.err
    assert file.read_text() == SLIP
