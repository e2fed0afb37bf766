"""`--mesh-config FILE`: what cannot be used is said at its line, in the words of the rules."""

from pathlib import Path

import pytest

from meshlint.cli.mesh_file import mesh_config_of
from meshlint.config.flaws import ConfigError

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
"""
OPERATOR = """\
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio}
spec:
  meshConfig:
"""


def _flaws(path: Path, text: str) -> list[tuple[str, str]]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        mesh_config_of(str(path))
    return [(flaw.message.removeprefix(str(path)), flaw.help or "") for flaw in caught.value.flaws]


@pytest.mark.parametrize(
    ("before", "line", "column"),
    [("", 1, 16), ("# a comment\n---\n", 3, 16), (CONFIG_MAP, 6, 20), (OPERATOR, 6, 20)],
)
def test_a_boolean_in_quotes(tmp_path: Path, before: str, line: int, column: int) -> None:
    indent = "    " if before.startswith("apiVersion") else ""
    (flaw,) = _flaws(tmp_path / "mesh.yaml", f'{before}{indent}enableTracing: "yes"\n')
    assert flaw == (
        f":{line}:{column}: `enableTracing` must be true or false, not `yes`",
        "write `true`, without quotes",
    )


def test_every_boolean_and_the_first_other_value(tmp_path: Path) -> None:
    text = 'enableTracing: "true"\nenableAutoMtls: 1\ndefaultConfig:\n  concurrency: many\n'
    found = _flaws(tmp_path / "mesh.yaml", text)
    assert [message for message, _ in found] == [
        ":1:16: `enableTracing` must be true or false, not `true`",
        ":2:17: `enableAutoMtls` must be true or false, not `1`",
        ":4:16: `defaultConfig.concurrency` must be a whole number, not `many`",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("trustDomain: [", ":1:"),
        (f"{CONFIG_MAP}    trustDomain: a\n    enableTracing: [\n", ":7:"),
        (f"{CONFIG_MAP}    just words\n", ":5:"),
    ],
)
def test_what_is_no_mapping_or_no_yaml(tmp_path: Path, text: str, place: str) -> None:
    (flaw,) = _flaws(tmp_path / "mesh.yaml", text)
    assert flaw[0].startswith(place)
    assert "this is no" in flaw[0]


@pytest.mark.parametrize(
    "text", ["", "[]\n", "apiVersion: v1\nkind: Secret\n", "rootNamespace: a\n---\nrootNamespace: b\n"]
)
def test_files_without_one_mesh_config(tmp_path: Path, text: str) -> None:
    ((message, advice),) = _flaws(tmp_path / "mesh.yaml", text)
    assert message.endswith("mesh config")
    assert "IstioOperator" in advice


def test_numbers_in_quotes_are_read_as_istiod_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "mesh.yaml"
    path.write_text('rootNamespace: a\nproxyListenPort: "15001"\n', encoding="utf-8")
    assert mesh_config_of(str(path)) == {"rootNamespace": "a", "proxyListenPort": 15001}
