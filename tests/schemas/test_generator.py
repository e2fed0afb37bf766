"""`tools/gen_schemas.py`: YAML and JSON give the same, a release is added by one command, edits are noticed."""

import copy
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from support import ROOT, shared

sys.path.insert(0, str(ROOT / "tools"))

import gen_schemas

CRD: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "sidecars.networking.istio.io"},
    "spec": {
        "group": "networking.istio.io",
        "names": {"kind": "Sidecar"},
        "versions": [
            {
                "name": version,
                "served": version != "v1alpha1",
                "deprecated": version == "v1beta1",
                "subresources": {"status": {}},
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "description": "left out",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "timeout": {
                                        "type": "string",
                                        "x-kubernetes-validations": [
                                            {"rule": 'duration(self) >= duration("1ms")', "message": "theirs"},
                                            {"rule": "self == oldSelf", "message": "immutable"},
                                        ],
                                    }
                                },
                            }
                        },
                    }
                },
            }
            for version in ("v1", "v1beta1", "v1alpha1")
        ],
    },
}


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of schemas/ that the tool works on."""
    folder = tmp_path / "schemas"
    shutil.copytree(ROOT / "schemas", folder)
    monkeypatch.setattr(gen_schemas, "SCHEMAS", str(folder))
    monkeypatch.setattr(gen_schemas, "REFERENCE", str(tmp_path / "none"))
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["gen_schemas.py", *arguments])
    return gen_schemas.main()


def test_adding_a_release_is_one_command(schemas: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "crd-all.gen.yaml"
    with open(bundle, "w", encoding="utf-8") as file:
        YAML(typ="safe").dump_all([CRD, {"apiVersion": "v1", "kind": "ConfigMap"}], file)
    before = (schemas / "istio" / "pool.json").read_text().splitlines()
    assert run(monkeypatch, "add", "istio", "1.99", str(bundle)) == 0
    assert json.loads((schemas / "releases.json").read_text())["istio"][-1] == "1.99"
    entry = json.loads((schemas / "istio" / "1.99.json").read_text())["networking.istio.io/Sidecar"]
    assert entry["deprecated"] == {"v1beta1": "v1"}
    assert entry["versions"].keys() == {"v1", "v1beta1"}
    assert "istio 1.99 content:" in (schemas / "SOURCE").read_text()
    added = set((schemas / "istio" / "pool.json").read_text().splitlines()) - set(before)
    assert 1 <= len(added) <= 3  # only what is new: the document, its spec
    assert run(monkeypatch, "--check") == 0


def test_yaml_and_stripped_json_give_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([CRD]))
    with open(tmp_path / "a.yaml", "w", encoding="utf-8") as file:
        YAML(typ="safe").dump(CRD, file)
    digests = set()
    for name in ("a.json", "a.yaml"):
        project = gen_schemas.Project("istio")
        project.add("1.99", [str(tmp_path / name)])
        digests.add(project.content("1.99"))
    assert len(digests) == 1


def test_a_rule_gets_our_name_and_one_spelling_and_transition_rules_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([CRD]))
    project = gen_schemas.Project("istio")
    project.add("1.99", [str(tmp_path / "a.json")])
    (rules,) = [
        node["x-kubernetes-validations"] for node in project.pool.values() if "x-kubernetes-validations" in node
    ]
    assert rules == [{"name": "duration-1ms", "rule": "duration(self) >= duration('1ms')"}]
    assert "left out" not in json.dumps(project.pool)


def test_a_rule_without_a_message_of_ours_is_refused(tmp_path: Path) -> None:
    crd = copy.deepcopy(CRD)
    spec = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    spec["x-kubernetes-validations"] = [{"rule": "has(self.timeout)", "message": "new"}]
    (tmp_path / "a.json").write_text(json.dumps([crd]))
    with pytest.raises(SystemExit, match=r"without an entry in meshlint/schemas/constraints/"):
        gen_schemas.Project("istio").add("1.99", [str(tmp_path / "a.json")])


def test_check_notices_an_edit_by_hand(schemas: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    pool = schemas / "istio" / "pool.json"
    pool.write_text(pool.read_text().replace("65535", "65536", 1))
    assert run(monkeypatch, "--check") == 1
    assert "has been edited by hand" in capsys.readouterr().out


def test_check_notices_a_release_that_its_digest_does_not_fit(schemas: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = schemas / "istio" / "1.31.json"
    release.write_text(release.read_text().replace('"v1alpha3"', '"v1alpha4"', 1))
    assert run(monkeypatch, "--check") == 1


def test_what_is_there_is_as_generated() -> None:
    """With the reference material, every release is compared with its CRDs, too."""
    folder = shared()
    arguments = [str(folder / "crds")] if folder else []
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "gen_schemas.py"), "--check", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout) == (0, "schemas/ is as generated\n"), done.stderr
