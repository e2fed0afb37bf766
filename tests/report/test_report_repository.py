"""URIs are relative to the root of the repository, wherever meshlint runs."""

import os

import pytest

from meshlint.report.repository import repository_paths, root_of

NAME = "a b/#1?/50%/ü:x.yaml"


@pytest.fixture
def repository(tmp_path):
    file = tmp_path / "re po" / "apps" / NAME
    file.parent.mkdir(parents=True)
    file.write_text("kind: A\n")
    (tmp_path / "re po" / ".git").mkdir()
    return tmp_path / "re po"


@pytest.mark.parametrize("folder", [".", "apps", "apps/a b", "..", "../.."])
def test_from_any_working_directory(repository, folder, monkeypatch) -> None:
    monkeypatch.chdir(repository / folder)
    path = os.path.relpath(repository / "apps" / NAME)
    assert repository_paths()(path) == f"apps/{NAME}"
    assert repository_paths()(str(repository / "apps" / NAME)) == f"apps/{NAME}"


def test_a_worktree_has_a_file_instead_of_a_folder(repository, monkeypatch) -> None:
    (repository / ".git").rmdir()
    (repository / ".git").write_text("gitdir: /elsewhere\n")
    monkeypatch.chdir(repository / "apps")
    assert repository_paths()(NAME) == f"apps/{NAME}"


def test_the_outer_repository_counts_for_files_of_a_submodule(repository, monkeypatch) -> None:
    (repository / "apps" / ".git").write_text("gitdir: /elsewhere\n")
    monkeypatch.chdir(repository)
    assert repository_paths()(f"apps/{NAME}") == f"apps/{NAME}"


def test_a_link_is_named_by_its_target(repository, monkeypatch) -> None:
    (repository / "link.yaml").symlink_to(repository / "apps" / NAME)
    monkeypatch.chdir(repository)
    assert repository_paths()("link.yaml") == f"apps/{NAME}"


def test_a_link_out_of_the_repository_keeps_its_own_name(repository, monkeypatch) -> None:
    (repository.parent / "outside.yaml").write_text("kind: A\n")
    (repository / "link.yaml").symlink_to(repository.parent / "outside.yaml")
    monkeypatch.chdir(repository)
    assert repository_paths()("link.yaml") == "link.yaml"


def test_without_a_repository_it_is_the_working_directory(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert root_of(str(tmp_path)) is None
    assert repository_paths()("x/y.yaml") == "x/y.yaml"


def test_a_given_root(repository, monkeypatch) -> None:
    monkeypatch.chdir(repository)
    relative = repository_paths(str(repository / "apps"))
    assert relative(f"apps/{NAME}") == NAME
    assert relative("elsewhere.yaml") is None


@pytest.mark.parametrize("path", ["<stdin>", ""])
def test_what_is_no_file_has_no_path(path: str) -> None:
    assert repository_paths()(path) is None
