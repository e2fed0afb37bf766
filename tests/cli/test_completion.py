"""What the tab key gives, asked as the shells ask."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def asked(words: str, *, shell: str = "bash", current: str | None = None) -> list[str]:
    """The answers of meshlint for a line whose last word is completed."""
    last = str(len(words.split(" ")) - 1) if current is None else current
    environment = {**os.environ, "_MESHLINT_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": last}
    done = subprocess.run(
        [sys.executable, "-m", "meshlint"], env=environment, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] if shell == "bash" else line for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("meshlint ex", "explain"),
        ("meshlint --sc", "--scope"),
        ("meshlint check --sc", "--scope"),
        ("meshlint --scope ", "complete"),
        ("meshlint manifests --fail-on w", "warning"),
        ("meshlint explain ML20", "ML204"),
        ("meshlint explain missing-s", "missing-subset"),
        ("meshlint --select ML301,ML20", "ML301,ML204"),
        ("meshlint readiness --tar", "--target"),
    ],
)
def test_completion(line: str, expected: str) -> None:
    assert expected in asked(line)


def test_only_what_begins_so() -> None:
    assert asked("meshlint explain ML204") == ["ML204"]
    assert asked("meshlint config --sc") == ["--scope", "--schema-dir"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [("meshlint mani", "file"), ("meshlint --baseline known", "file"), ("meshlint --rules-dir pol", "dir")],
)
def test_files_are_left_to_the_shell(line: str, kind: str) -> None:
    words = line.split(" ")
    environment = {**os.environ, "_MESHLINT_COMPLETE": "bash_complete", "COMP_WORDS": line}
    environment["COMP_CWORD"] = str(len(words) - 1)
    done = subprocess.run(
        [sys.executable, "-m", "meshlint"], env=environment, capture_output=True, text=True, check=True
    )
    assert f"{kind},{words[-1]}" in done.stdout.splitlines()


def test_fish_says_the_word_and_not_its_number() -> None:
    assert any("--scope" in line for line in asked("meshlint check --sc", shell="fish", current="--sc"))
    assert any("complete" in line for line in asked("meshlint --scope c", shell="fish", current="c"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_the_shell(shell: str) -> None:
    environment = {**os.environ, "_MESHLINT_COMPLETE": f"{shell}_source"}
    done = subprocess.run(
        [sys.executable, "-m", "meshlint"], env=environment, capture_output=True, text=True, check=True
    )
    assert "_MESHLINT_COMPLETE" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_in_a_real_bash(tmp_path: Path) -> None:
    """What docs/install.md says to put into ~/.bashrc, and then the tab key."""
    script = """
    eval "$(_MESHLINT_COMPLETE=bash_source meshlint)"
    COMP_WORDS=(meshlint --fail-on w); COMP_CWORD=2
    _meshlint_completion meshlint
    echo "${COMPREPLY[@]}"
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "PATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["warning"]
