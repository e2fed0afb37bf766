"""A folder with everything that goes wrong in folders: nothing crashes, nothing hangs, and nothing else is lost."""

import json
import os
import socket
from pathlib import Path

import pytest

from meshlint.cli.main import run

GOOD = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: %s, namespace: shop}
spec:
  hosts: [%s]
  http:
  - route:
    - {destination: {host: a, subset: v1}, weight: 70}
    - {destination: {host: a, subset: v2}, weight: 70}
"""


def good(name: str) -> str:
    """A VirtualService with one finding (ML202)."""
    return GOOD % (name, name)


TEXTS: dict[str, bytes] = {
    "plain.yaml": good("plain").encode(),
    "bom.yaml": b"\xef\xbb\xbf" + good("bom").encode(),
    "utf16.yaml": b"\xff\xfe" + good("utf16").encode("utf-16-le"),
    "crlf.yaml": good("crlf").replace("\n", "\r\n").encode(),
    "cr.yaml": good("cr").replace("\n", "\r").encode(),
    "no-newline.yaml": good("no-newline").rstrip().encode(),
    "directive.yaml": b"%YAML 1.1\n---\n" + good("directive").encode(),
    "markers.yaml": b"---\n---\n" + good("markers").encode() + b"...\n---\n",
    "comment-marker.yaml": b"--- # first\n" + good("comment-marker").encode() + b"--- # second\n# nothing\n",
    "list.yaml": b"apiVersion: v1\nkind: List\nitems:\n- " + good("list").replace("\n", "\n  ").encode(),
    "nested-list.yaml": b"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - "
    + good("nested-list").replace("\n", "\n    ").encode(),
    "anchors.yaml": (
        b"apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: anchors, namespace: shop}\n"
        b"spec:\n  hosts: [anchors]\n  http:\n  - &r\n    route:\n"
        b"    - {destination: {host: a, subset: v1}, weight: 70}\n    - {destination: {host: a, subset: v2}, weight: 70}\n"
    ),
    "after-error.yaml": b"a: [\n---\n" + good("after-error").encode(),
    "before-error.yaml": good("before-error").encode() + b"---\n\ta: 1\n",
    "tabs.yaml": b"apiVersion: v1\nkind: Service\n\tmetadata: {}\n",
    "nul.yaml": b"apiVersion: v1\nkind: Service\nmetadata: {name: a\x00b}\n",
    "not-utf8.yaml": b"apiVersion: v1\nkind: Service\nmetadata: {name: caf\xe9}\n",
    "control.yaml": b"kind: \x1b[31mred\x07\n",
    "empty.yaml": b"",
    "blank.yaml": b"\n\n  \n",
    "comments.yaml": b"# nothing here\n# at all\n",
    "null.yaml": b"null\n",
    "scalar.yaml": b"just text\n",
    "sequence.yaml": b"- a\n- b\n",
    "values.yaml": b"image: {tag: 1}\nreplicas: 3\n",
    "duplicate.yaml": b"apiVersion: v1\nkind: Service\nkind: Service\nmetadata: {name: a}\n",
    "undefined-alias.yaml": b"apiVersion: v1\nkind: Service\nmetadata: *nobody\n",
    "recursive.yaml": b"apiVersion: v1\nkind: Service\nmetadata: &m {name: a, x: *m}\n",
    "bomb.yaml": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        b"%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n" % (c, c, *([c - 1] * 9)) for c in range(ord("b"), ord("j"))
    ),
    "deep.yaml": b"a: " + b"[" * 10_000 + b"]" * 10_000 + b"\n",
    "deep-block.yaml": b"".join(b" " * n + b"a:\n" for n in range(3_000)),
    "odd-metadata.yaml": b"apiVersion: v1\nkind: Service\nmetadata: 3\nspec: []\n",
    "odd-kind.yaml": b"apiVersion: [v1]\nkind: {a: b}\n",
    "odd-keys.yaml": b"apiVersion: v1\nkind: Service\n? [a, b]\n: c\n",
    "odd-spec.yaml": b"apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: odd}\nspec: {http: {a: b}}\n",
    "unknown-kind.yaml": b"apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n",
    "custom-list.yaml": b"apiVersion: v1\nkind: List\nitems: 3\n",
    "tag.yaml": b"apiVersion: v1\nkind: !!python/object:os.system Service\n",
    "template.yaml": b"{{- if .Values.on }}\napiVersion: v1\nkind: Service\n{{- end }}\n",
    "jinja.yaml": b"{% for x in y %}\nkind: Service\n{% endfor %}\n",
    "long-line.yaml": b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: " + b"x" * 2_000_000 + b"}\n",
    "long-key.yaml": b"x" * 3_000 + b": 1\n",
    "wide \u00e4 \u5b57.yaml": good("wide").encode(),
    "sub/a b#c%.yml": good("hash").encode(),
    "ignored.yaml.bak": good("bak").encode(),
    ".hidden/x.yaml": good("hidden").encode(),
    "node_modules/x.yaml": good("modules").encode(),
    "vendor/x.yaml": good("vendor").encode(),
    "skipped/x.yaml": good("ignored").encode(),
    ".gitignore": b"/skipped/\n",
}
WITH_FINDING = {
    "plain", "bom", "utf16", "crlf", "cr", "no-newline", "directive", "markers", "comment-marker", "list", "nested-list",
    "anchors", "after-error", "before-error", "wide", "hash",
}  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "tree"
    for name, content in TEXTS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (root / "folder.yaml").mkdir()
    (root / "dangling.yaml").symlink_to("nowhere.yaml")
    (root / "loop").symlink_to(".")
    (root / "circle.yaml").symlink_to("circle.yaml")
    os.mkfifo(root / "pipe.yaml")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
        yield root


def test_messy_tree(tree: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "report.json"
    code = run([".", "-f", "json", "-o", str(output)])
    report = json.loads(output.read_text(encoding="utf-8"))
    stderr = capfd.readouterr().err
    assert code == 1
    assert "Traceback" not in stderr
    assert "\x1b" not in stderr
    rules = {item["rule"] for item in report["findings"]}
    assert "ML003" not in rules
    weights = {item["resource"]["name"] for item in report["findings"] if item["rule"] == "ML202"}
    assert weights == WITH_FINDING
    broken = {item["path"] for item in report["findings"] if item["rule"] == "ML001"}
    assert broken >= {
        "after-error.yaml", "before-error.yaml", "tabs.yaml", "nul.yaml", "not-utf8.yaml", "undefined-alias.yaml",
        "recursive.yaml", "bomb.yaml", "deep.yaml",
    }  # fmt: skip
    assert report["summary"]["skipped"]["template"] == 2
    assert len(TEXTS) >= 45


def test_messy_tree_in_a_terminal_shows_no_control_characters(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run([".", "--color", "never"])
    shown = capfd.readouterr().out
    assert shown
    assert not {char for char in shown if ord(char) < 32} - {"\n"}
