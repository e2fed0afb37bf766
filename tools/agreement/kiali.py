"""Kiali, over the calls of its own checkers: what both say of the same objects, checker by checker.

A finding is compared by its code and object, among the codes that the checker can give. The objects
are read as a whole mesh; a namespace that says nothing of injection is taken to be injected.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from meshlint.cli.settings import known_rules
from meshlint.engine import Input, Settings, lint
from meshlint.mesh.context import Scope
from meshlint.report.model import Reported
from meshlint.selection import select
from meshlint.sources import Source
from tools.agreement.section import Difference, Section, deliberate

NAME = "kiali"

_MODE_LABELS = ("istio-injection", "istio.io/rev", "istio.io/dataplane-mode")
_CLUSTER_WIDE = frozenset({"Namespace", "GatewayClass"})

Message = tuple[str, str, str, str]
"""Code, kind (`workload` for whatever runs pods), namespace and name."""


class Expected(msgspec.Struct):
    """A finding of Kiali."""

    code: str
    kind: str
    namespace: str
    name: str


class Case(msgspec.Struct):
    """One call of a checker, with all objects that it was given."""

    id: str
    checker: str
    codes_judged: list[str]
    objects: list[dict[str, Any]]
    mesh_config: dict[str, Any] | None
    root_namespace: str
    istiod_env: dict[str, str]
    expected: list[Expected]

    @property
    def messages(self) -> set[Message]:
        """What Kiali says."""
        return {(item.code, item.kind.lower(), item.namespace, item.name) for item in self.expected}


def cases(shared: Path) -> list[Case]:
    """The cases of the reference material."""
    return msgspec.json.decode((shared / "cases" / "kiali" / "cases.json").read_bytes(), type=list[Case])


def measure(shared: Path) -> Section:
    """Compare what both say of every case."""
    reasons = deliberate(NAME)
    section = Section(NAME, "Kiali", Counter(), [])
    for case in cases(shared):
        section.cases[case.checker] += 1
        said = judge(case)
        wanted, got = case.messages - said, said - case.messages
        if wanted or got:
            reason = reasons.get(case.id)
            section.differences.append(Difference(case.id, case.checker, _shown(wanted), _shown(got), reason))
    return section


def judge(case: Case) -> set[Message]:
    """What meshlint says of a case, in Kiali's words."""
    rules = [meta for meta in known_rules() if set(meta.equivalents) & set(case.codes_judged)]
    settings = Settings(
        selection=select(rules, only=("all",)) if rules else select([]),
        scope=Scope.COMPLETE,
        suppressions=False,
        mesh_config={"rootNamespace": case.root_namespace, **(case.mesh_config or {})},
    )
    sources = [
        Source(f"case-{number}.yaml", msgspec.json.encode(given).decode(), named=True)
        for number, given in enumerate([*case.objects, *_missing_namespaces(case)])
    ]
    istiod = Source("istiod.yaml", msgspec.json.encode(_istiod(case)).decode(), named=True)
    report = lint(Input(sources, [istiod] if case.istiod_env else []), settings)
    return {message for item in report.findings for message in _messages(item, case.codes_judged)}


def _missing_namespaces(case: Case) -> list[dict[str, Any]]:
    """Namespaces that the case names without a manifest of them."""
    written = {_name(item) for item in case.objects if item["kind"] == "Namespace"}
    for item in case.objects:
        if item["kind"] == "Namespace":
            labels = item["metadata"].get("labels") or {}
            if not any(label in labels for label in _MODE_LABELS):
                item["metadata"]["labels"] = {**labels, "istio-injection": "enabled"}
    lived_in = {item["metadata"].get("namespace") for item in case.objects if item["kind"] not in _CLUSTER_WIDE}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"istio-injection": "enabled"}}}
        for name in sorted(name for name in lived_in - written if name)
    ]


def _istiod(case: Case) -> dict[str, Any]:
    """The control plane of a case that sets variables of it."""
    container = {
        "name": "discovery",
        "image": "istio/pilot",
        "env": [{"name": name, "value": value} for name, value in case.istiod_env.items()],
    }
    template = {"metadata": {"labels": {"app": "istiod"}}, "spec": {"containers": [container]}}
    spec = {"selector": {"matchLabels": {"app": "istiod"}}, "template": template}
    metadata = {"name": "istiod", "namespace": case.root_namespace}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def _name(item: dict[str, Any]) -> str:
    name: str = item["metadata"]["name"]
    return name


def _messages(item: Reported, codes: list[str]) -> list[Message]:
    resource = item.resource
    if resource is None:
        return []
    said = [code for code in item.equivalents if code in codes]
    return [(code, _kind(code, resource.kind), resource.namespace or "", resource.name) for code in said]


def _kind(code: str, kind: str) -> str:
    return "workload" if code.startswith("KIA13") else kind.lower()


def _shown(messages: set[Message]) -> str:
    return "; ".join(f"{code} {kind} {namespace}/{name}" for code, kind, namespace, name in sorted(messages)) or "-"
