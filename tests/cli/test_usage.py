"""Wrong command lines are answered like findings: what is wrong, and what to write instead."""

from pathlib import Path

import pytest

from meshlint.cli.main import run


@pytest.mark.parametrize(
    ("line", "message", "advice"),
    [
        ("--selekt ML2 .", "no such option: `--selekt`", "did you mean `--select`?"),
        ("--zzz .", "no such option: `--zzz`", "`meshlint check --help` lists what there is"),
        ("--fail-on fatal .", "`fatal` is no value of `--fail-on`", "write one of error, warning, info, never"),
        ("-f sariff .", "`sariff` is no value of `--format`", "did you mean `sarif`?"),
        ("--scope all .", "`all` is no value of `--scope`", "write one of auto, complete, partial"),
        ("readiness --color maybe .", "`maybe` is no value of `--color`", "write one of auto, always, never"),
        ("readiness --target x .", "`x` is no value of `--target`", "write `"),
        ("--jobs x .", "`--jobs`: ", "`meshlint check --help` lists what there is"),
        ("-n", "option `-n` requires an argument", "`meshlint check --help` lists what there is"),
        ("explian", "no such command, file or folder: `explian`", "did you mean `meshlint explain`?"),
        ("chekc .", "no such command, file or folder: `chekc`", "did you mean `meshlint check`?"),
        ("explain ML2O4", "no rule is called `ML2O4`", "did you mean `ML204`"),
        ("--select missing-subsett .", "missing-subsett", "did you mean `missing-subset`?"),
        ("--select ML999 .", "no rule matches `ML999`", "`meshlint explain` lists all"),
        ("--istio-version 1.19 .", "1.19", "1.20"),
        ("--istio-version latest .", "latest", "1.31"),
        ("--config missing.yaml .", "missing.yaml: no such file or directory", ""),
        ("-f json -f sarif -o a -o b -o c .", "2 formats, but 3 output files", "the last may go without"),
        ("--rules-dir missing .", "missing", "folder"),
        ("--schema-dir missing .", "missing", ""),
        ("--baseline missing.json .", "missing.json", ""),
        ("--mesh-config missing.yaml .", "missing.yaml", ""),
        ("--fix -", "standard input cannot be fixed", "--diff shows"),
        ("--context missing .", "missing: no such file or directory", ""),
        ("missing-folder", "missing-folder: no such file or directory", ""),
    ],
)
def test_wrong_command_lines(
    line: str,
    message: str,
    advice: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(line.split()) == 2
    told = capsys.readouterr()
    assert told.err.startswith("error: ")
    assert message in told.err
    assert advice in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


@pytest.mark.parametrize("command", ["check .", "explain ML204", "explain"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def x(: pass", "rules-of-mine/broken.py cannot be imported: SyntaxError"),
        ("import missing_package", "rules-of-mine/broken.py cannot be imported: ModuleNotFoundError"),
        ("x = 1", "broken.py: a rule file holds one check with @rule, this one has 0"),
    ],
)
def test_a_rule_file_that_is_none(
    command: str,
    text: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules-of-mine").mkdir()
    (tmp_path / "rules-of-mine" / "broken.py").write_text(text, encoding="utf-8")
    assert run([*command.split(), "--rules-dir", "rules-of-mine"]) == 2
    assert message in capsys.readouterr().err


def test_a_file_that_is_called_nearly_like_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chekc").mkdir()
    assert run(["-q", "chekc"]) == 0
    assert run(["chekc"]) == 0


@pytest.mark.parametrize("command", ["check", "readiness", "config"])
def test_help_is_grouped_and_fits(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert "\nWhat is read:\n" in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_help_of_all_names_every_command_with_a_whole_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    from meshlint.cli.main import COMMANDS

    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert "\nExamples:\n" in text
    assert "..." not in text.replace("[ARGS]...", "")
    assert all(f"\n  {name} " in text for name in COMMANDS)


def test_help_has_examples_that_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    """Every example of the help is a line that the command understands."""
    import shlex

    import click

    from meshlint.cli.main import COMMANDS, completed, group
    from meshlint.cli.options import Grouped

    found = 0
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        for line, _ in command.examples if isinstance(command, Grouped) else ():
            words = shlex.split(line.rpartition("|")[2])
            assert words[0] == "meshlint"
            arguments = completed(words[1:])
            assert arguments[0] == name
            command.make_context(name, arguments[1:])
            found += 1
    assert found >= 5
