"""From paths to files: what a walk takes, what it leaves out, and what cannot be read."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sources.conftest import Tree

from meshlint.sources import STDIN, Discovery, Skipped, Source, Unreadable, discover, load, reported


def paths(*given: str, **options: list[str]) -> list[str]:
    return [file.path for file in discover(given or ["."], **options).files]


@contextmanager
def without_rights() -> Iterator[None]:
    """Run as a user to whom rights apply: root may read everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if user == 0:
            os.seteuid(user)


def test_a_folder_gives_its_yaml_files(tree: Tree) -> None:
    tree(dict.fromkeys(["b.yaml", "a.yml", "x/c.yaml", "x/y/d.yml", "e.json", "f.md", "g.txt", "h.YAML", "yaml"], ""))
    assert paths() == ["a.yml", "b.yaml", "x/c.yaml", "x/y/d.yml"]


def test_what_a_walk_leaves_out(tree: Tree) -> None:
    left_out = [".github/a.yaml", ".hidden.yaml", "node_modules/a.yaml", "x/vendor/a.yaml", "x/.git/a.yaml"]
    tree(dict.fromkeys([*left_out, "vendors/a.yaml", "x/vendor.yaml"], ""))
    assert paths() == ["vendors/a.yaml", "x/vendor.yaml"]


@pytest.mark.parametrize("name", ["a.json", "a.md", "a", "a.txt", ".hidden.yaml", "vendor/a.yaml", "ignored.yaml"])
def test_a_named_file_is_always_taken(tree: Tree, name: str) -> None:
    tree({name: "", ".gitignore": "ignored.yaml"})
    found = discover([name], exclude=["*"])
    assert [(file.path, file.named) for file in found.files] == [(name, True)]


@pytest.mark.parametrize("folder", ["vendor", ".github", "ignored"])
def test_a_named_folder_is_always_walked(tree: Tree, folder: str) -> None:
    tree({f"{folder}/a.yaml": "", f"{folder}/b.yaml": "", ".gitignore": "ignored/\nb.yaml\n", ".git/HEAD": ""})
    assert f"{folder}/a.yaml" in paths(folder)


def test_the_order_of_the_paths_does_not_matter(tree: Tree) -> None:
    tree(dict.fromkeys(["b/z.yaml", "a.yaml", "b/c.yaml", "c.yaml"], ""))
    assert paths("c.yaml", "b", "a.yaml") == paths("b", "a.yaml", "c.yaml") == paths(".")


def test_a_linked_folder_gives_way_to_the_folder_itself(tree: Tree) -> None:
    root = tree({"x/a.yaml": ""})
    (root / "link").symlink_to("x")
    assert paths("link", ".") == paths(".", "link") == paths("link", "x") == ["x/a.yaml"]
    assert paths("link") == ["link/a.yaml"]


@pytest.mark.parametrize(
    "given",
    [
        ["a.yaml", "a.yaml"],
        ["a.yaml", "./a.yaml", "x/../a.yaml"],
        ["a.yaml", "."],
        [".", "a.yaml"],
        [".", "."],
        [".", "./"],
        ["link.yaml", "a.yaml"],
        ["folder-link/a.yaml", "a.yaml"],
        ["folder-link", "."],
    ],
)
def test_a_file_is_read_once(tree: Tree, given: list[str]) -> None:
    root = tree({"a.yaml": "", "x/.keep": ""})
    (root / "link.yaml").symlink_to("a.yaml")
    (root / "folder-link").symlink_to(".")
    assert len(paths(*given)) == 1


def test_named_wins_over_walked_and_a_file_over_its_link(tree: Tree) -> None:
    root = tree({"b.yaml": "", "c/x.yaml": ""})
    (root / "a.yaml").symlink_to("b.yaml")
    assert [(file.path, file.named) for file in discover(["."]).files] == [("b.yaml", False), ("c/x.yaml", False)]
    assert [(file.path, file.named) for file in discover([".", "a.yaml"]).files] == [
        ("a.yaml", True),
        ("c/x.yaml", False),
    ]


def test_paths_are_relative_to_the_working_directory(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree({"in/a.yaml": "", "out/b.yaml": ""})
    monkeypatch.chdir(root / "in")
    assert paths(str(root / "in"), "../out") == [f"{root}/out/b.yaml", "a.yaml"]
    assert reported(".") == "."


def test_standard_input(tree: Tree) -> None:
    tree({"a.yaml": ""})
    assert [(file.path, file.named) for file in discover(["-", "-", "a.yaml"]).files] == [
        (STDIN, True),
        ("a.yaml", True),
    ]


class TestGitignore:
    """The tables of patterns are in test_gitignore.py; here is where the files are looked for."""

    def test_nested_files_the_nearest_first(self, tree: Tree) -> None:
        tree(
            {
                ".gitignore": "*.gen.yaml\n/top.yaml\nout/\n",
                "a.gen.yaml": "",
                "top.yaml": "",
                "out/a.yaml": "",
                "x/.gitignore": "!keep.gen.yaml\nlocal.yaml\n",
                "x/keep.gen.yaml": "",
                "x/b.gen.yaml": "",
                "x/local.yaml": "",
                "x/top.yaml": "",
                "x/y/local.yaml": "",
                "x/out/.gitignore": "!*",
                "x/out/a.yaml": "",
                "local.yaml": "",
            }
        )
        assert paths() == ["local.yaml", "x/keep.gen.yaml", "x/top.yaml"]

    def test_files_above_up_to_the_root_of_the_repository(self, tree: Tree) -> None:
        tree(
            {
                ".gitignore": "outside.yaml",
                "repo/.git/HEAD": "",
                "repo/.gitignore": "/x/y/a.yaml\nsecret.yaml",
                "repo/x/.gitignore": "!secret.yaml",
                "repo/x/y/a.yaml": "",
                "repo/x/y/secret.yaml": "",
                "repo/x/y/outside.yaml": "",
            }
        )
        assert paths("repo/x/y") == ["repo/x/y/outside.yaml", "repo/x/y/secret.yaml"]

    def test_without_a_repository_files_above_do_not_count(self, tree: Tree) -> None:
        tree({".gitignore": "a.yaml", "x/a.yaml": "", "x/.gitignore": "b.yaml", "x/b.yaml": ""})
        assert paths("x") == ["x/a.yaml"]

    def test_info_exclude_gives_way_to_gitignore(self, tree: Tree) -> None:
        tree(
            {
                ".git/info/exclude": "*.local.yaml\n",
                ".gitignore": "!shared.local.yaml\n",
                "x/a.local.yaml": "",
                "x/shared.local.yaml": "",
            }
        )
        assert paths() == paths("x") == ["x/shared.local.yaml"]

    def test_info_exclude_of_a_worktree(self, tree: Tree) -> None:
        tree(
            {
                "main/.git/info/exclude": "a.yaml\n",
                "main/.git/worktrees/w/commondir": "../..\n",
                "w/.git": "gitdir: ../main/.git/worktrees/w\n",
                "w/a.yaml": "",
                "w/b.yaml": "",
            }
        )
        assert paths("w") == ["w/b.yaml"]

    def test_a_repository_inside_starts_afresh(self, tree: Tree) -> None:
        tree({".git/HEAD": "", ".gitignore": "a.yaml", "sub/.git": "gitdir: nowhere", "sub/a.yaml": "", "a.yaml": ""})
        assert paths() == ["sub/a.yaml"]

    @pytest.mark.parametrize("content", [b"\xef\xbb\xbfa.yaml\r\n", b"\xff\xfe\na.yaml", b"a.yaml\n\0\n"])
    def test_any_bytes(self, tree: Tree, content: bytes) -> None:
        root = tree({"a.yaml": "", "b.yaml": ""})
        (root / ".gitignore").write_bytes(content)
        assert paths() == ["b.yaml"]

    def test_a_folder_of_that_name(self, tree: Tree) -> None:
        tree({".gitignore/x": "", "a.yaml": ""})
        assert paths() == ["a.yaml"]

    def test_kustomizations_and_named_files_need_no_gitignore(self, tree: Tree) -> None:
        tree({".gitignore": "*", "a.yaml": ""})
        assert paths("a.yaml") == ["a.yaml"]


def test_exclude_and_include(tree: Tree) -> None:
    tree(
        dict.fromkeys(
            ["a.yaml", "x/a.yaml", "x/b.yaml", "old/a.yaml", "docs/a.md", "docs/x/b.md", "c.md", "d.json"], ""
        )
    )
    assert paths(exclude=["/x/a.yaml", "old/"], include=["docs/**/*.md", "*.json", "old/"]) == [
        "a.yaml",
        "d.json",
        "docs/a.md",
        "docs/x/b.md",
        "x/b.yaml",
    ]


def test_patterns_are_relative_to_their_base(tree: Tree) -> None:
    root = tree(dict.fromkeys(["x/a.yaml", "x/x/a.yaml"], ""))
    assert [file.path for file in discover(["."], exclude=["/x"], base=str(root / "x")).files] == ["x/a.yaml"]


def test_charts_are_noted(tree: Tree) -> None:
    tree(
        {
            "shop/Chart.yaml": "",
            "shop/values.yaml": "",
            "shop/templates/a.yaml": "",
            "shop/templates/tests/b.yaml": "",
            "shop/crds/c.yaml": "",
            "shop/charts/db/Chart.yaml": "",
            "shop/charts/db/templates/d.yaml": "",
            "templates/e.yaml": "",
        }
    )
    found = discover(["."])
    assert found.charts == ("shop", "shop/charts/db")
    assert {file.path: file.chart for file in found.files if file.chart} == {
        "shop/templates/a.yaml": "shop",
        "shop/templates/tests/b.yaml": "shop",
        "shop/charts/db/templates/d.yaml": "shop/charts/db",
    }
    assert {file.chart for file in discover(["shop/templates/tests", "shop/templates/a.yaml"]).files} == {"shop"}


def test_kustomizations_are_noted(tree: Tree) -> None:
    tree(
        {
            "a/kustomization.yaml": "",
            "b/kustomization.yml": "",
            "c/Kustomization": "",
            "c/x/a.yaml": "",
            ".git/HEAD": "",
        }
    )
    found = discover(["."])
    assert [file.path for file in found.kustomizations] == [
        "a/kustomization.yaml",
        "b/kustomization.yml",
        "c/Kustomization",
    ]
    assert [file.path for file in found.files] == ["a/kustomization.yaml", "b/kustomization.yml", "c/x/a.yaml"]


def test_the_nearest_kustomization_around_a_named_file_is_noted(tree: Tree) -> None:
    tree(dict.fromkeys(["r/.git/HEAD", "r/c/Kustomization", "r/c/x/a.yaml", "r/kustomization.yaml", "r/b/b.yaml"], ""))
    tree(dict.fromkeys(["kustomization.yaml", "r/s/.git", "r/s/c.yaml"], ""))
    assert [file.path for file in discover(["r/c/x/a.yaml"]).kustomizations] == ["r/c/Kustomization"]
    assert [file.path for file in discover(["r/b/b.yaml"]).kustomizations] == ["r/kustomization.yaml"]
    assert discover(["r/s/c.yaml"]).kustomizations == ()


@pytest.mark.parametrize(
    "path", ["", "nowhere.yaml", "nowhere/a.yaml", "a.yaml/b.yaml", "dangling.yaml", "loop.yaml", "a\0b"]
)
def test_a_named_path_that_leads_nowhere(tree: Tree, path: str) -> None:
    root = tree({"a.yaml": ""})
    (root / "dangling.yaml").symlink_to("gone")
    (root / "loop.yaml").symlink_to("loop.yaml")
    found = discover([path, "a.yaml"])
    assert [(failure.path, type(failure), failure.named) for failure in found.failures] == [(path, Unreadable, True)]
    assert [file.path for file in found.files] == ["a.yaml"]


def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    script = "import sys; from meshlint.sources import *; print(load(discover(sys.argv[1:]).files[0])[0].text)"
    command = f"'{sys.executable}' -c '{script}' <(echo 'a: 1')"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (result.stdout.strip(), result.stderr) == ("a: 1", "")


def messy(root: Path) -> None:
    """Everything odd that a tree can hold, beside one good file."""
    texts: dict[str, bytes] = {
        "good.yaml": b"a: 1\n",
        "empty.yaml": b"",
        "blank.yaml": b" \n\n",
        "bom.yaml": b"\xef\xbb\xbfa: 1\n",
        "only-bom.yaml": b"\xef\xbb\xbf",
        "crlf.yaml": b"a: 1\r\nb: 2\r\n",
        "cr.yaml": b"a: 1\rb: 2\r",
        "utf16-le.yaml": "\ufeffa: \u00e9\n".encode("utf-16-le"),
        "utf16-be.yaml": "\ufeffa: \u00e9\n".encode("utf-16-be"),
        "utf16-odd.yaml": "\ufeffa: 1\n".encode("utf-16-le") + b"x",
        "utf16-surrogate.yaml": b"\xff\xfe\x00\xd8a\x00",
        "utf32.yaml": b"\xff\xfe\x00\x00a\x00\x00\x00",
        "latin1.yaml": "a: caf\u00e9\n".encode("latin-1"),
        "half.yaml": b"a: \xc3",
        "overlong.yaml": b"a: \xc0\xaf\n",
        "surrogate.yaml": b"a: \xed\xa0\x80\n",
        "nul.yaml": b"a: \0\n",
        "binary.yaml": bytes(range(256)) * 8,
        "locked.yaml": b"\0GITCRYPT\0\x12\x34",
        "tabs.yaml": b"a:\n\tb: 1\n",
        "dots.yaml": b"a: 1\n...\nb: 2\n...\n",
        "directive.yaml": b"%YAML 1.2\n---\na: 1\n",
        "documents.yaml": b"---\n---\n---\n",
        "helm.yaml": b"{{- if .Values.x }}\na: {{ .Values.y }}\n{{- end }}\n",
        "jinja.yaml": b"{% for x in y %}\na: {{ x }}\n{% endfor %}\n",
        "deep.yaml": b"[" * 10_000 + b"]" * 10_000,
        "bomb.yaml": b"a: &a [1]\nb: &b [*a,*a]\nc: [*b,*b]\n",
        "long-line.yaml": b"a: " + b"x" * 1_000_000,
        "many-lines.yaml": b"- 1\n" * 100_000,
        "no-newline.yaml": b"a: 1",
        "pointer.yaml": b"version https://git-lfs.github.com/spec/v1\nsize 3\n",
        "with blank.yaml": b"a: 1\n",
        "quote'\".yaml": b"a: 1\n",
        "-dash.yaml": b"a: 1\n",
        "*.yaml": b"a: 1\n",
        "unicode-\u00e9\u4e2d\U0001f600.yaml": b"a: 1\n",
        "control-\x1b[31m.yaml": b"a: 1\n",
        "line\nbreak.yaml": b"a: 1\n",
        "x" * 250 + ".yaml": b"a: 1\n",
        "folder.yaml/in.yaml": b"a: 1\n",
        "/".join(["deep"] * 200) + "/a.yaml": b"a: 1\n",
        ".hidden/a.yaml": b"a: 1\n",
        "README.md": b"```yaml\na: 1\n",
    }
    for path, content in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    Path(os.fsdecode(os.fsencode(root) + b"/bytes-\xff.yaml")).write_bytes(b"a: 1\n")
    (root / "dangling.yaml").symlink_to("nowhere")
    (root / "self.yaml").symlink_to("self.yaml")
    (root / "one.yaml").symlink_to("two.yaml")
    (root / "two.yaml").symlink_to("one.yaml")
    (root / "link.yaml").symlink_to("good.yaml")
    (root / "linked-folder.yaml").symlink_to("folder.yaml")
    (root / "up").symlink_to("..")
    (root / "here").symlink_to(".")
    (root / "null.yaml").symlink_to("/dev/null")
    (root / "endless.yaml").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe.yaml")


def test_a_messy_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    messy(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "socket.yaml").unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
        found = discover(["."])
    assert _failures(found) == {
        "dangling.yaml": "no such file or directory",
        "self.yaml": "too many levels of symbolic links",
        "one.yaml": "too many levels of symbolic links",
        "two.yaml": "too many levels of symbolic links",
        "pipe.yaml": "not a regular file",
        "socket.yaml": "not a regular file",
        "null.yaml": "not a regular file",
        "endless.yaml": "not a regular file",
    }
    loaded = {file.path: load(file) for file in found.files}
    assert len(loaded) == 42
    assert "link.yaml" not in loaded
    assert "folder.yaml/in.yaml" in loaded
    assert "bytes-\\xff.yaml" in loaded
    assert isinstance(loaded.pop("locked.yaml"), Skipped)
    sources = [source for item in loaded.values() if isinstance(item, list) for source in item]
    assert len(sources) == len(loaded)
    for source in sources:
        source.text.encode()
        source.path.encode()
    assert {source.path for source in sources if source.problems} == {
        *("utf16-odd.yaml", "utf16-surrogate.yaml", "latin1.yaml", "half.yaml"),
        *("overlong.yaml", "surrogate.yaml", "binary.yaml", "utf32.yaml"),
    }


def _failures(found: Discovery) -> dict[str, str]:
    return {failure.path: failure.reason for failure in found.failures}


def test_what_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path in ("open.yaml", "locked.yaml", "closed/a.yaml", "named/a.yaml"):
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).touch()
        root.chmod(0o755)
        for path in ("locked.yaml", "closed", "named"):
            (root / path).chmod(0)
        monkeypatch.chdir(root)
        with without_rights():
            found = discover([".", "named"])
            loaded = [load(file) for file in found.files]
        for path in ("closed", "named"):
            (root / path).chmod(0o755)
        monkeypatch.undo()
    assert found.failures == (
        Unreadable("closed", "permission denied"),
        Unreadable("named", "permission denied", named=True),
    )
    assert [item for item in loaded if isinstance(item, Unreadable)] == [Unreadable("locked.yaml", "permission denied")]


def test_thousands_of_files_with_few_descriptors(tmp_path: Path) -> None:
    for folder in range(40):
        (tmp_path / f"f{folder}").mkdir()
        for number in range(50):
            (tmp_path / f"f{folder}" / f"{number}.yaml").write_text("a: 1\n")
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16)); "
        "from meshlint.sources import *; print(sum(len(load(f)) for f in discover(['.']).files))"
    )
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (result.stdout.strip(), result.stderr) == ("2000", "")


def test_a_folder_that_vanishes_or_a_file_that_does(tree: Tree) -> None:
    root = tree({"a.yaml": ""})
    (file,) = discover(["."]).files
    (root / "a.yaml").unlink()
    assert load(file) == Unreadable("a.yaml", "no such file or directory")
    (root / "a.yaml").mkdir()
    assert load(file) == Unreadable("a.yaml", "is a directory")


def test_sources_keep_what_discovery_knew(tree: Tree) -> None:
    tree({"c/Chart.yaml": "", "c/templates/a.yaml": "x: 1\n"})
    (file,) = discover(["c/templates/a.yaml"]).files
    assert load(file) == [Source("c/templates/a.yaml", "x: 1\n", named=True, chart="c")]
