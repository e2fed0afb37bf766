"""What the command line takes, where things go, and the exit codes."""

import io
import json
import os
import subprocess
import sys

import pytest
from adoption.running import Shop, lone
from support import ROOT

from meshlint.cli.options import GROUPS, help_texts

CLEAN = lone().replace("      weight: 50\n", "")
BROKEN = "apiVersion: v1\nkind: Service\nmetadata: {name: [}\n"


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        (CLEAN, (), 0),
        (lone(), (), 0),
        (lone(), ("--fail-on", "info"), 1),
        (BROKEN, (), 1),
        (BROKEN, ("--fail-on", "never"), 0),
        (CLEAN, ("nowhere.yaml", "."), 2),
        (BROKEN, ("nowhere.yaml", "."), 2),
        (BROKEN, ("--fail-on", "never", "nowhere.yaml"), 2),
        (CLEAN, ("--no-such-option",), 2),
    ],
)
@pytest.mark.parametrize("name", ["text", "json", "sarif", "github", "gitlab", "junit"])
def test_exit_codes_are_the_same_for_every_format(
    shop: Shop, text: str, arguments: tuple[str, ...], code: int, name: str
) -> None:
    shop.write("a.yaml", text)
    assert shop.lint("-f", name, *arguments).code == code


def test_a_path_that_cannot_be_opened_leaves_the_others_to_be_judged(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    ran = shop.lint("-f", "text", "nowhere.yaml", "a.yaml")
    assert ran.codes() == ["a.yaml:11 ML205"]
    assert "error: nowhere.yaml: no such file or directory" in ran.err


def test_formats_and_files_go_in_pairs(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    ran = shop.lint("-f", "json", "-o", "a.json", "-f", "sarif", "-o", "a.sarif", "-f", "text")
    assert ran.codes() == ["a.yaml:11 ML205"]
    assert json.loads((shop.folder / "a.json").read_text())["version"] == 1
    assert json.loads((shop.folder / "a.sarif").read_text())["version"] == "2.1.0"


def test_files_of_the_configuration_belong_to_its_formats(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    shop.write("sub/.gitkeep", "")
    shop.write(".meshlint.yaml", "paths: [.]\nformat: [json, text]\noutput: [out.json]\n")
    assert shop.lint(cwd="sub").out.endswith("\n")
    assert (shop.folder / "out.json").exists(), "relative to the file"
    (shop.folder / "out.json").unlink()
    assert shop.lint("-f", "text").codes() == ["a.yaml:11 ML205"]
    assert not (shop.folder / "out.json").exists()


def test_a_file_that_cannot_be_written_is_an_error(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    ran = shop.lint("-f", "json", "-o", "nowhere/a.json")
    assert ran.code == 2
    assert ran.err.startswith("error: cannot write nowhere/a.json")


def test_standard_input(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(lone().encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert shop.lint("-f", "text", "-").codes() == ["<stdin>:11 ML205"]


def test_context_is_read_but_not_reported(shop: Shop) -> None:
    shop.write("a/a.yaml", lone("a"))
    shop.write("b/b.yaml", lone("b"))
    ran = shop.lint("-f", "text", "--context", "b", "a")
    assert ran.codes() == ["a/a.yaml:11 ML205"]
    assert "1 file, 2 resources" in ran.err


def test_quiet_says_nothing_beside_the_report(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    assert shop.lint("-q").err == ""
    assert "count  code" in shop.lint("--statistics").err


def test_selectors_are_split_at_commas(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    assert shop.lint("-f", "text", "--select", "ML301,lone-weight", "--select", "ML2").codes() == ["a.yaml:11 ML205"]
    assert shop.lint("-f", "text", "--select", "KIA1104").codes() == ["a.yaml:11 ML205"]


def test_the_help_is_grouped_and_has_examples(shop: Shop) -> None:
    text = shop.lint("check", "--help").out
    headings = [line.rstrip(":") for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == [*GROUPS, "Other", "Examples"]
    assert all(f"--{name} " in text or f"--{name}\n" in text for name in help_texts())
    assert "kustomize build . | meshlint -" in text


def test_the_examples_of_the_help_are_commands_that_work(shop: Shop) -> None:
    from meshlint.cli.check import Check

    shop.write("manifests/a.yaml", CLEAN)
    for example, _ in Check.examples:
        if "|" not in example:
            assert shop.lint(*example.split()[1:]).code == 0, example


@pytest.mark.parametrize("command", ["check", "config", "init", "explain"])
def test_every_command_has_a_help(shop: Shop, command: str) -> None:
    ran = shop.lint(command, "--help")
    assert (ran.code, ran.out.splitlines()[0].split()[:3]) == (0, ["Usage:", "meshlint", command])
    assert f"  {command}" in shop.lint("--help").out


def test_a_run_imports_only_what_it_needs(shop: Shop) -> None:
    """One clean file, no configuration: nothing that reads baselines, explains errors, fixes, talks to git."""
    shop.write("a.yaml", CLEAN)
    script = "import sys; from meshlint.cli.main import run; run(['a.yaml', '-q']); print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=shop.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    # On 3.10 the standard library's `uuid`, which msgspec imports, brings `subprocess` along.
    heavy = {"subprocess"} if sys.version_info >= (3, 11) else set()
    heavy |= {"jsonschema", "networkx", "sarif_om", "ruamel.yaml.main", "pathlib", "hashlib", "logging"}
    ours = {
        f"meshlint.{name}"
        for name in (
            "fixes",
            "patterns",
            "suppress.apply",
            "suppress.baseline",
            "config.explain",
            "config.schema",
            "cli.fixing",
            "cli.index",
            "cli.baselines",
            "cli.config",
            "cli.init",
            "schemas.user",
        )
    }
    assert loaded & (heavy | ours) == set()
