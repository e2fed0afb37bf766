"""Real runs of pre-commit, with the hooks as they are shipped.

The shipped hooks install meshlint (`language: python`), which needs an index of packages; here the
same entries run the meshlint of this environment instead (`language: system`). Where an index can be
reached, MESHLINT_NETWORK=1 runs the shipped file itself, too.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from adoption.running import Shop, lone
from adoption.test_hook import ROUTE, RULE
from ruamel.yaml import YAML
from support import ROOT

HOOKS = YAML(typ="safe", pure=True).load(ROOT / ".pre-commit-hooks.yaml")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    """A repository that has both hooks, a route to a subset, the subset, and an old finding."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    work = tmp_path / "work"
    work.mkdir()
    shop = Shop(work, monkeypatch, capsys)
    shop.git("init", "-q", "-b", "main")
    hooks = [_local(hook) for hook in HOOKS]
    with (work / ".pre-commit-config.yaml").open("w") as file:
        YAML().dump({"repos": [{"repo": "local", "hooks": hooks}]}, file)
    shop.write("routes.yaml", ROUTE)
    shop.write("subsets.yaml", RULE.format(subset="v1"))
    shop.write("old.yaml", lone("old").replace("weight: 50", "weight: -1"))
    shop.git("add", ".")
    shop.git("commit", "-q", "-m", "one")
    return shop


def _local(hook: dict[str, object]) -> dict[str, object]:
    _, *arguments = str(hook["entry"]).split()
    return {**hook, "language": "system", "entry": " ".join([sys.executable, "-m", "meshlint", *arguments])}


def pre_commit(shop: Shop, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pre-commit in the repository."""
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=shop.folder, capture_output=True, text=True, check=False)


def test_a_staged_change_is_reported_where_it_breaks_something_else(repository: Shop) -> None:
    repository.write("subsets.yaml", RULE.format(subset="v2"))
    repository.git("add", ".")
    ran = pre_commit(repository, "run", "meshlint")
    assert ran.returncode == 1
    assert "routes.yaml:8:44: error ML204" in ran.stdout
    assert "old.yaml" not in ran.stdout, "an old finding that nobody touched"


def test_unstaged_and_untracked_files_play_no_part(repository: Shop) -> None:
    repository.write("routes.yaml", ROUTE + "# staged\n")
    repository.git("add", ".")
    repository.write("subsets.yaml", RULE.format(subset="v2"))
    repository.write("routes.yaml", ROUTE.replace("v1}", "v9}"))
    repository.write("untracked.yaml", lone("untracked"))
    assert pre_commit(repository, "run", "meshlint").returncode == 0


def test_a_commit_that_only_deletes_is_seen_by_the_hook_for_the_whole_tree(repository: Shop) -> None:
    repository.git("rm", "-q", "old.yaml")
    repository.write("more.yaml", RULE.format(subset="v2").replace("name: reviews", "name: more"))
    repository.git("add", ".")
    repository.git("commit", "-q", "--no-verify", "-m", "two")
    repository.git("rm", "-q", "subsets.yaml")
    assert "Skipped" in pre_commit(repository, "run", "meshlint").stdout
    repository.write("untracked.yaml", "apiVersion: v1\nkind: [\n")
    ran = pre_commit(repository, "run", "meshlint-all")
    assert ran.returncode == 1
    assert "untracked.yaml" not in ran.stdout
    assert "routes.yaml:8:44: error ML204" in ran.stdout


def test_the_configuration_of_pre_commit_itself_is_no_finding(repository: Shop) -> None:
    assert pre_commit(repository, "run", "meshlint", "--files", ".pre-commit-config.yaml").returncode == 0


def test_6000_files_that_pre_commit_splits_give_the_same_findings(repository: Shop) -> None:
    """Their names exceed what pre-commit puts on one command line, so it runs the hook several times."""
    for number in range(6000):
        repository.write(f"many/a-name-of-some-length-so-that-they-fill-it-{number}.yaml", "a: 1\n")
    repository.write("subsets.yaml", RULE.format(subset="v2"))
    repository.git("add", ".")
    ran = pre_commit(repository, "run", "meshlint")
    assert ran.returncode == 1
    assert ran.stdout.count("resources, 1 error") == 1
    assert ran.stdout.count("resources, no findings") >= 1, "pre-commit did not split"
    assert ran.stdout.count("routes.yaml:8:44: error ML204") == 1


@pytest.mark.skipif(not os.environ.get("MESHLINT_NETWORK"), reason="installs meshlint from an index of packages")
def test_the_shipped_hooks_install_and_run(repository: Shop, tmp_path: Path) -> None:
    """`pre-commit try-repo` on a copy of this checkout: what is in the wheel is what the hooks have."""
    copy = Shop(tmp_path / "copy", pytest.MonkeyPatch(), None)
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (copy.folder / name).write_bytes((ROOT / name).read_bytes())
    copy.git("init", "-q")
    copy.git("add", "-f", ".")
    copy.git("commit", "-q", "-m", "copy")
    repository.write("subsets.yaml", RULE.format(subset="v2"))
    repository.git("add", ".")
    for hook in HOOKS:
        ran = pre_commit(repository, "try-repo", str(copy.folder), str(hook["id"]), "--files", "subsets.yaml")
        assert ran.returncode == 1, ran.stderr
        assert "routes.yaml:8:44: error ML204" in ran.stdout


def test_the_shipped_hooks_are_what_pre_commit_expects() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
