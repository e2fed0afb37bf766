"""The steps of action.yml, run in bash with the environment that they declare.

Only the installation is stood in for: a `python3` whose virtual environments hold the meshlint of
this one, so that no index of packages is needed.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from adoption.running import Shop, lone
from ruamel.yaml import YAML
from support import ROOT

ACTION: dict[str, Any] = YAML(typ="safe", pure=True).load(ROOT / "action.yml")
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


class Runner:
    """A stand-in for the runner of GitHub: inputs, outputs of steps, and the scripts of the steps."""

    def __init__(self, folder: Path, work: Path, **inputs: str) -> None:
        self.folder = folder
        self.work = work
        self.values = {f"inputs.{name}": str(spec["default"]) for name, spec in ACTION["inputs"].items()}
        self.values |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        self.values |= {"github.action_path": "/the/action", "runner.temp": str(folder / "temp")}

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run one step; its outputs are kept for those that follow."""
        step = STEPS[name]
        output = self.folder / "output"
        output.write_text("")
        environment = {key: self._filled(value) for key, value in step["env"].items()}
        done = subprocess.run(
            ["bash", "-c", step["run"]],
            cwd=self.work / self._filled(step.get("working-directory", ".")),
            env={
                "PATH": f"{self.folder}:{os.environ['PATH']}",
                "GITHUB_OUTPUT": str(output),
                "PYTHONPATH": str(ROOT),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        for line in output.read_text().splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{step['id']}.outputs.{key}"] = value
        return done

    def output(self, name: str) -> str:
        """An output of the action."""
        return self._filled(ACTION["outputs"][name]["value"])

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self.values.get(match[1], ""), text)


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with a `python3` that makes environments with the meshlint that is tested."""
    folder = tmp_path / "tools"
    folder.mkdir()
    script = f"""#!/bin/bash
mkdir -p "$3/bin"
printf '#!/bin/bash\\necho "$@" > {folder}/installed\\n' > "$3/bin/python"
printf '#!/bin/bash\\nexec env PYTHONSAFEPATH=1 {sys.executable} -m meshlint "$@"\\n' > "$3/bin/meshlint"
chmod +x "$3"/bin/*
"""
    (folder / "python3").write_text(script)
    (folder / "python3").chmod(0o755)
    return folder


def lint(tools: Path, shop: Shop, **inputs: str) -> tuple[Runner, subprocess.CompletedProcess[str]]:
    """Install and lint."""
    runner = Runner(tools, shop.folder, **inputs)
    installed = runner.run("Install meshlint")
    assert installed.returncode == 0, installed.stderr
    return runner, runner.run("Run meshlint")


@pytest.mark.parametrize(("version", "what"), [("", "/the/action"), ("0.1.0", "meshlint==0.1.0")])
def test_the_version_asked_for_is_installed(tools: Path, shop: Shop, version: str, what: str) -> None:
    lint(tools, shop, version=version)
    assert (tools / "installed").read_text().split()[-1] == what


def test_findings_are_annotated_and_written_as_sarif(tools: Path, shop: Shop) -> None:
    shop.write("a.yaml", lone())
    runner, ran = lint(tools, shop, fail_on="info")
    assert ran.returncode == 1
    assert "::notice file=a.yaml,line=11" in ran.stdout
    assert (runner.output("exit-code"), runner.output("sarif-file")) == ("1", "./meshlint.sarif")
    sarif = json.loads((shop.folder / "meshlint.sarif").read_text())
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == ["ML205"]


def test_a_clean_run_uploads_too(tools: Path, shop: Shop) -> None:
    shop.write("a.yaml", lone().replace("      weight: 50\n", ""))
    runner, ran = lint(tools, shop)
    assert (ran.returncode, runner.output("exit-code")) == (0, "0")
    assert json.loads((shop.folder / runner.output("sarif-file")).read_text())["runs"][0]["results"] == []


def test_a_wrong_configuration_uploads_nothing(tools: Path, shop: Shop) -> None:
    shop.write(".meshlint.yaml", "selekt: []\n")
    runner, ran = lint(tools, shop)
    assert (ran.returncode, runner.output("exit-code"), runner.output("sarif-file")) == (2, "2", "")
    assert "unknown key `selekt`" in ran.stderr


def test_paths_options_and_folder_are_taken(tools: Path, shop: Shop) -> None:
    shop.write("mesh/a/x.yaml", lone("a"))
    shop.write("mesh/b/x.yaml", lone("b"))
    shop.write("mesh/c/x.yaml", lone("c"))
    runner, ran = lint(
        tools, shop, working_directory="mesh", paths="a\nb", args="--select\nML205,KIA1104\n", sarif_file="out.sarif"
    )
    assert ran.returncode == 0
    assert sorted(re.findall(r"file=(\S+?),", ran.stdout)) == ["mesh/a/x.yaml", "mesh/b/x.yaml"]
    assert runner.output("sarif-file") == "mesh/out.sarif"


@pytest.mark.parametrize("text", ["$(touch pwned)", "`touch pwned`", "a; touch pwned", '"; touch pwned; "', "*"])
def test_inputs_are_never_run(tools: Path, shop: Shop, text: str) -> None:
    lint(tools, shop, paths=text, args=text, fail_on=text, version=text)
    assert not (shop.folder / "pwned").exists()


def test_scripts_hold_no_expressions() -> None:
    assert all("${{" not in step.get("run", "") for step in STEPS.values())


def test_the_documented_workflow_uses_inputs_that_exist() -> None:
    page = (ROOT / "docs" / "ci.md").read_text()
    blocks = re.findall(r"^```yaml\n(.*?)^```", page, re.M | re.S)
    workflows = [document for block in blocks if "jobs" in (document := YAML(typ="safe", pure=True).load(block))]
    steps = [step for workflow in workflows for job in workflow["jobs"].values() for step in job["steps"]]
    ours = [step for step in steps if "meshlint" in step.get("uses", "")]
    assert ours
    assert all(set(step.get("with", {})) <= set(ACTION["inputs"]) for step in ours)
