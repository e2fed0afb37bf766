"""Rules from elsewhere: a folder, an installed package. They take the same road as the built-in ones."""

from pathlib import Path

import pytest
from support import findings

from meshlint.cli.main import run
from meshlint.registry import RuleError, from_folder, installed, load

RULE = '''"""A VirtualService without an owner.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a}  # XX001
```

### Good
"""

from meshlint.api import Findings, Options, Severity, VirtualService, at, finding, rule


class OwnerOptions(Options, frozen=True):
    """Which label names the owner."""

    label: str = "owner"


@rule("XX001", "missing-owner", severity=Severity.WARNING, since="1.0.0")
def check(virtual_service: VirtualService, options: OwnerOptions) -> Findings:
    if options.label not in virtual_service.labels:
        yield finding(at(virtual_service), f"no label `{options.label}`", help="write who owns it")
'''
MANIFEST = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: shop}
spec:
  hosts: [a.shop.svc.cluster.local]
  http: [{route: [{destination: {host: a.shop.svc.cluster.local}}]}]
"""


def _folder(tmp_path: Path, text: str = RULE) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "missing_owner.py").write_text(text, encoding="utf-8")
    (folder / "_helper.py").write_text("VALUE = 1\n", encoding="utf-8")
    return folder


def test_rules_dir(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    found = findings(MANIFEST, options=f"--rules-dir {folder} --extend-select XX001")
    assert [(item.rule, item.region.line) for item in found] == [("XX001", 3)]


def test_a_subject_in_quotes_subscribes_to_each_of_its_kinds(tmp_path: Path) -> None:
    quoted = RULE.replace("service: VirtualService", 'service: "Workload | VirtualService"').replace(
        "VirtualService, ", ""
    )
    folder = _folder(tmp_path, quoted)
    [meta] = from_folder(str(folder), 501)
    kinds = [name.rpartition(".")[2] for name in meta.subjects]
    assert (kinds[0], kinds[-1]) == ("Pod", "VirtualService")
    assert "Deployment" in kinds
    found = findings(MANIFEST, options=f"--rules-dir {folder} --extend-select XX001")
    assert [(item.rule, item.region.line) for item in found] == [("XX001", 3)]


def test_rules_dir_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "missing-owner", "--rules-dir", str(_folder(tmp_path))]) == 0
    assert "without an owner" in capsys.readouterr().out


def test_a_package_declares_its_rules_by_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "acme_rules"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "missing_owner.py").write_text(RULE, encoding="utf-8")
    info = tmp_path / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[meshlint.rules]\nacme = acme_rules\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    metas = [meta for meta in installed() if meta.code == "XX001"]
    assert len(metas) == 1
    assert load(metas[0].module).meta.name == "missing-owner"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = = 1\n", "SyntaxError"),
        ("x = 1\n", "holds one check"),
        (RULE.replace("virtual_service: VirtualService, ", "virtual_service, "), "annotations"),
        (RULE.replace("options: OwnerOptions", 'options: "OwnerOptions"'), "annotations"),
        (RULE.replace("service: VirtualService", 'service: "VirtualService | Nonsense"'), "Nonsense"),
        (RULE.replace("import Findings", "import Finding5"), "Finding5"),
    ],
)
def test_a_file_that_is_no_rule_is_an_error_of_usage(
    tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _folder(tmp_path, text)
    with pytest.raises(RuleError, match=said):
        from_folder(str(folder), 500)
    manifest = tmp_path / "a.yaml"
    manifest.write_text(MANIFEST, encoding="utf-8")
    assert run([str(manifest), "--rules-dir", str(folder)]) == 2
    assert said in capsys.readouterr().err
