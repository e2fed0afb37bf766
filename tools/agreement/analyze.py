"""`istioctl analyze`, over the cases of its own tests, analyzer by analyzer.

A case runs one analyzer on some files, read as a whole mesh, together with the ingress gateway of a
default installation. Several analyzers share a code, so that `analyzers.json` says which rules stand
for which; what these say is compared: the same set of (code, kind, namespace, name).
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from meshlint.cli.settings import known_rules
from meshlint.engine import Input, Settings, lint
from meshlint.mesh.context import Scope
from meshlint.reading import read
from meshlint.registry import Meta
from meshlint.report.model import Reported
from meshlint.selection import select
from meshlint.sources import Source
from tools.agreement.section import FOLDER, Difference, Section, deliberate

NAME = "analyze"

_NETWORKS = ("MeshNetworks", "meshnetworks")
"""What istioctl calls the mesh networks, which are a part of a ConfigMap."""

Message = tuple[str, str, str, str]
"""Code, kind, namespace (`""` where none is written) and name."""


class Expected(msgspec.Struct):
    """A message of istioctl."""

    code: str
    kind: str
    namespace: str
    name: str


class Case(msgspec.Struct):
    """One call of an analyzer; files are relative to the folder of the cases."""

    id: str
    analyzer: str
    inputs: list[str]
    mesh_config: str | None
    mesh_networks: str | None
    codes_checked: list[str]
    expected: list[Expected]

    @property
    def messages(self) -> set[Message]:
        """What istioctl says."""
        return {(item.code, item.kind, item.namespace, item.name) for item in self.expected}


def analyzers() -> dict[str, list[str]]:
    """Analyzer to the rules that stand for it."""
    found: dict[str, list[str]] = json.loads((FOLDER / "analyzers.json").read_text(encoding="utf-8"))
    return found


def cases(shared: Path) -> list[Case]:
    """The cases of the reference material."""
    return msgspec.json.decode((shared / "cases" / "istio-analyze" / "cases.json").read_bytes(), type=list[Case])


def measure(shared: Path) -> Section:
    """Compare what both say of every case."""
    folder, reasons, rules = shared / "cases" / "istio-analyze", deliberate(NAME), analyzers()
    section = Section(NAME, "istioctl analyze", Counter(), [])
    for case in cases(shared):
        section.cases[case.analyzer] += 1
        said = judge(case, folder, rules.get(case.analyzer, []))
        wanted, got = case.messages - said, said - case.messages
        if wanted or got:
            reason = reasons.get(case.id)
            section.differences.append(Difference(case.id, case.analyzer, _shown(wanted), _shown(got), reason))
    return section


def judge(case: Case, folder: Path, codes: list[str]) -> set[Message]:
    """What the rules of an analyzer say of a case, in istioctl's words."""
    sources = [Source(name, (folder / name).read_text(encoding="utf-8"), named=True) for name in case.inputs]
    if case.mesh_networks:
        sources.append(Source(case.mesh_networks, _as_config_map((folder / case.mesh_networks).read_text("utf-8"))))
    chosen: list[Meta] = [meta for meta in known_rules() if meta.code in codes]
    settings = Settings(
        selection=select(chosen, only=("all",)) if chosen else select([]),
        options={"ML602": {"everywhere": True}},
        scope=Scope.COMPLETE,
        suppressions=False,
        mesh_config=_plain(folder / case.mesh_config) if case.mesh_config else None,
    )
    installation = Source("installation.yaml", (FOLDER / "installation.yaml").read_text(encoding="utf-8"))
    report = lint(Input(sources, [installation]), settings)
    return {message for item in report.findings for message in _messages(item, case.codes_checked)}


def _messages(item: Reported, codes: list[str]) -> list[Message]:
    resource = item.resource
    if resource is None:
        return []
    kind, name = _NETWORKS if item.rule == "ML734" else (resource.kind, resource.name)
    return [(code, kind, resource.namespace or "", name) for code in item.equivalents if code in codes]


def _as_config_map(networks: str) -> str:
    """Mesh networks as they are in a cluster; istioctl has a flag for the plain message."""
    metadata = {"name": "istio", "namespace": "istio-system"}
    data = {"meshNetworks": networks}
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})


def _plain(path: Path) -> dict[str, Any]:
    data = read(path.read_text(encoding="utf-8")).documents[0].data
    return data if isinstance(data, dict) else {}


def _shown(messages: set[Message]) -> str:
    return "; ".join(f"{code} {kind} {namespace}/{name}" for code, kind, namespace, name in sorted(messages)) or "-"
