"""`meshlint --hook FILE...`: what a commit is judged by, and what of it is reported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from adoption.running import Shop, lone

RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: reviews, namespace: shop}}
spec: {{host: reviews, subsets: [{{name: {subset}, labels: {{version: v1}}}}]}}
"""
ROUTE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    """A repository with a route to a subset, the subset, and a finding that nobody touches."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    shop = Shop(tmp_path, monkeypatch, capsys)
    shop.git("init", "-q", "-b", "main")
    shop.write("routes.yaml", ROUTE)
    shop.write("subsets.yaml", RULE.format(subset="v1"))
    shop.write("old.yaml", lone("old"))
    shop.git("add", ".")
    shop.git("commit", "-q", "-m", "one")
    return shop


def hook(shop: Shop, *files: str, cwd: str = ".") -> list[str]:
    """What the hook reports for these files."""
    return shop.lint("--hook", "-f", "text", *files, cwd=cwd).codes()


def test_a_change_is_reported_where_it_breaks_something(repository: Shop) -> None:
    repository.write("subsets.yaml", RULE.format(subset="v2"))
    repository.git("add", ".")
    assert hook(repository, "subsets.yaml") == ["routes.yaml:8 ML204"]


def test_without_names_every_tracked_file_is_reported_on(repository: Shop) -> None:
    repository.write("untracked.yaml", lone("untracked"))
    assert hook(repository) == ["old.yaml:11 ML205"]


def test_findings_that_have_nothing_to_do_with_it_are_not(repository: Shop) -> None:
    assert hook(repository, "routes.yaml", "subsets.yaml") == []
    assert hook(repository, "old.yaml") == ["old.yaml:11 ML205"]


def test_untracked_files_are_no_context(repository: Shop) -> None:
    repository.git("rm", "-q", "--cached", "subsets.yaml")
    repository.write("routes.yaml", ROUTE.replace("v1}", "v9}"))
    repository.git("add", "routes.yaml")
    assert hook(repository, "routes.yaml") == [], "no DestinationRule is tracked, so v9 may exist"
    repository.git("add", "subsets.yaml")
    assert hook(repository, "routes.yaml") == ["routes.yaml:8 ML204"]


def test_a_partly_staged_file_is_judged_as_staged(repository: Shop) -> None:
    repository.write("old.yaml", lone("old").replace("      weight: 50\n", ""))
    repository.git("add", "old.yaml")
    repository.write("old.yaml", lone("old"))
    assert hook(repository, "old.yaml") == []
    repository.git("add", "old.yaml")
    repository.write("old.yaml", "no: {{ yaml")
    assert hook(repository, "old.yaml") == ["old.yaml:11 ML205"]


def test_a_file_deleted_on_the_disk_only_is_judged_as_staged(repository: Shop) -> None:
    repository.write("routes.yaml", ROUTE.replace("v1}", "v9}"))
    repository.git("add", ".")
    (repository.folder / "subsets.yaml").unlink()
    (repository.folder / "routes.yaml").unlink()
    assert hook(repository, "routes.yaml") == ["routes.yaml:8 ML204"]
    repository.git("rm", "-q", "--cached", "subsets.yaml")
    assert hook(repository, "routes.yaml") == []


def test_paths_of_the_configuration_bound_the_context(repository: Shop) -> None:
    repository.write("sub/a.yaml", lone("a"))
    repository.write(".meshlint.yaml", "paths: [sub]\nexclude: [sub/generated/]\n")
    repository.write("sub/generated/b.yaml", lone("b"))
    repository.git("add", ".")
    assert hook(repository, "old.yaml", "sub/a.yaml", "sub/generated/b.yaml") == ["sub/a.yaml:11 ML205"]


def test_files_are_named_as_the_working_directory_sees_them(repository: Shop) -> None:
    repository.write("sub/a.yaml", lone("a"))
    repository.git("add", ".")
    assert hook(repository, "a.yaml", cwd="sub") == ["a.yaml:11 ML205"]
    old = repository.folder / "old.yaml"
    assert hook(repository, "../old.yaml", cwd="sub") == [f"{old}:11 ML205"]


@pytest.mark.parametrize("name", ["with blank.yaml", "ümlaut.yaml", "a#b%20.yaml", "tab\there.yaml", '"quoted".yaml'])
def test_names_that_git_quotes(repository: Shop, name: str) -> None:
    repository.write(name, lone("x"))
    repository.git("add", ".")
    repository.write(name, "changed: since")
    assert len(hook(repository, name)) == 1


def test_a_suppression_is_judged_in_the_file_that_the_commit_touches(repository: Shop) -> None:
    repository.write(
        "routes.yaml", ROUTE.replace("hosts: [reviews]", "hosts: [reviews]  # meshlint: ignore[ML204] old")
    )
    repository.git("add", ".")
    assert hook(repository, "routes.yaml") == ["routes.yaml:5 ML005"]
    assert hook(repository, "subsets.yaml") == []


def test_a_baseline_holds_for_a_commit_which_cannot_tell_what_is_fixed(repository: Shop) -> None:
    repository.write("other.yaml", lone("other"))
    repository.git("add", ".")
    repository.lint("--write-baseline", "known.json")
    ran = repository.lint("--hook", "-f", "text", "--baseline", "known.json", "old.yaml")
    assert ran.out == ""
    assert "is fixed" not in ran.err


def test_outside_of_a_repository_that_is_said(shop: Shop) -> None:
    (shop.folder / ".git").rmdir()
    ran = shop.lint("--hook", "a.yaml")
    assert ran.code == 2
    assert "help: --hook works in a git repository" in ran.err


def test_a_broken_index_is_said(repository: Shop) -> None:
    (repository.folder / ".git" / "index").write_bytes(b"nonsense")
    ran = repository.lint("--hook", "a.yaml")
    assert (ran.code, ran.out) == (2, "")


def test_all_6000_names_of_a_big_commit_are_taken(repository: Shop) -> None:
    for number in range(60):
        repository.write(f"many/{number}.yaml", "a: 1\n")
    repository.write("many/x.yaml", lone("x"))
    repository.git("add", ".")
    names = [f"many/{number}.yaml" for number in range(6000)]
    assert hook(repository, *names) == []
    assert hook(repository, *names, "many/x.yaml") == ["many/x.yaml:11 ML205"]


def test_the_index_of_a_commit_in_the_making_is_used(repository: Shop) -> None:
    """`git commit -a` and `git commit PATHS` work with an index of their own, which they name in GIT_INDEX_FILE."""
    script = f"#!/bin/sh\nexec {sys.executable} -m meshlint --hook -f text --fail-on info old.yaml\n"
    file = repository.write(".git/hooks/pre-commit", script)
    file.chmod(0o755)
    repository.write("old.yaml", lone("old", "  # changed"))
    with pytest.raises(subprocess.CalledProcessError) as refused:
        repository.git("commit", "-q", "-a", "-m", "two")
    assert "old.yaml:11" in refused.value.stdout + refused.value.stderr
    repository.write("old.yaml", lone("old").replace("      weight: 50\n", ""))
    repository.git("commit", "-q", "-m", "two", "old.yaml")
