"""Kiali's small questions, and the questions of the mesh that answer the same: Sidecar imports, ambient mode.

Each call of the reference material names a function of Kiali; `_ANSWERS` asks meshlint what that
function asks. Where meshlint has the answer in a rule only, a mesh is made in which the rule reports
exactly what the function is about.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from meshlint.cli.settings import known_rules
from meshlint.engine import Input, Settings, lint
from meshlint.mesh.answers import Answer
from meshlint.mesh.authorization_rules import http_parts
from meshlint.mesh.context import Context, Entry, Origin, Scope
from meshlint.mesh.host_names import covers, is_wildcard, service_of
from meshlint.mesh.mesh import Mesh
from meshlint.model.kinds import convert
from meshlint.selection import select
from meshlint.sources import Source
from tools.agreement.section import Difference, Section, deliberate

NAME = "kiali-helpers"

Arguments = Mapping[str, Any]


class Call(msgspec.Struct):
    """One call, with the value that Kiali's test expects first in `result`."""

    function: str
    args: dict[str, Any]
    result: list[Any]

    @property
    def expected(self) -> bool:
        """What the test expects, as yes or no."""
        first = self.result[0]
        return bool(first["RequiresWaypoint"]) if isinstance(first, dict) else bool(first)


def calls(shared: Path) -> dict[str, Call]:
    """The calls of the reference material by an id: the function and a number."""
    found = msgspec.json.decode((shared / "cases" / "kiali" / "helpers.json").read_bytes(), type=list[Call])
    numbers: Counter[str] = Counter()
    named: dict[str, Call] = {}
    for call in found:
        numbers[call.function] += 1
        named[f"{call.function}#{numbers[call.function]}"] = call
    return named


def measure(shared: Path) -> Section:
    """Compare the answers to every call."""
    reasons = deliberate(NAME)
    section = Section(NAME, "Kiali's helpers", Counter(), [])
    for name, call in calls(shared).items():
        section.cases[call.function] += 1
        answer = _ANSWERS[call.function](call.args)
        if answer is not call.expected:
            difference = Difference(name, call.function, str(call.expected), str(answer), reasons.get(name))
            section.differences.append(difference)
    return section


def _told(*answers: Answer) -> bool | None:
    """A yes or a no; None where the mesh does not tell, which agrees with neither."""
    return None if Answer.UNKNOWN in answers else answers == (Answer.YES,)


def _imports_host(args: Arguments) -> bool | None:
    """Whether a proxy of a namespace knows a service of a host; of a wildcard, some service that it is about."""
    viewer, host = args["viewer_namespace"] or "default", args["hostName"]
    hosts = list(_candidates(host, args["sidecars"])) if is_wildcard(host) else [host]
    services = [_service(item, args["configNamespace"]) for item in hosts]
    namespaces = [_namespace(name, {}) for name in args["namespaces"] or ()]
    root = args["root_namespace"] or "istio-system"
    mesh = _mesh([*namespaces, *services, *args["sidecars"]], {"rootNamespace": root})
    answers = {mesh.sidecars.sees(viewer, item) for item in hosts}
    return True if Answer.YES in answers else _told(*answers)


def _candidates(wildcard: str, sidecars: list[dict[str, Any]]) -> Iterator[str]:
    """Services that a wildcard is about: any one, and those that Sidecars name."""
    yield f"any{wildcard[1:]}"
    for sidecar in sidecars:
        for listener in sidecar["spec"].get("egress", ()):
            for written in listener.get("hosts", ()):
                host = written.rpartition("/")[2]
                if not is_wildcard(host) and covers(wildcard, host):
                    yield host


def _service(host: str, home: str) -> dict[str, Any]:
    """What has a host: a Service in the namespace of its name, else a ServiceEntry where the configuration is."""
    service = service_of(host)
    if service is not None or "." not in host:
        name, namespace = (service.name, service.namespace) if service else (host, home)
        return _resource("v1", "Service", name, namespace, {"ports": [{"name": "http", "port": 80}]})
    ports = [{"number": 80, "name": "http", "protocol": "HTTP"}]
    spec = {"hosts": [host], "ports": ports, "resolution": "DNS", "location": "MESH_EXTERNAL"}
    return _resource("networking.istio.io/v1", "ServiceEntry", "outside", home, spec)


def _is_ambient(args: Arguments) -> bool | None:
    """Whether a namespace is in ambient mode: its label says it. `IsAmbient` is what Kiali saw in the cluster."""
    if args["ns"] is None:
        return False
    mesh = _mesh([_namespace(args["ns"]["Name"], args["ns"].get("Labels") or {})])
    return _told(mesh.injection.ambient_namespace(args["ns"]["Name"]))


def _is_enrolled(args: Arguments) -> bool | None:
    """Whether something is led through a waypoint."""
    mesh = _mesh([_namespace("shop", args["namespaceLabels"] or {})])
    return _told(mesh.injection.uses_waypoint("shop", args["resourceLabels"] or {}))


def _has_targets(kind: str, group: str = "security.istio.io/v1") -> Callable[[Arguments], bool]:
    """Whether a policy names what it is about."""

    def answer(args: Arguments) -> bool:
        resource: Any = convert(_resource(group, kind, "p", "shop", args["spec"]))
        return bool(resource.spec and resource.spec.targets)

    return answer


def _needs_requests(args: Arguments) -> bool:
    """Whether an AuthorizationPolicy has conditions that only requests have."""
    policy: Any = convert(_resource("security.istio.io/v1", "AuthorizationPolicy", "p", "shop", args["spec"]))
    return any(True for rule in policy.rules for _ in http_parts(rule))


def _is_for_requests(args: Arguments) -> bool:
    """Whether a condition is one that only requests have."""
    return _needs_requests({"spec": {"rules": [{"when": [{"key": args["key"], "values": ["x"]}]}]}})


def _needs_waypoint(kind: str) -> Callable[[Arguments], bool]:
    """Whether ML905 says of a resource about an ambient service that clients do not follow it without a waypoint."""
    about: dict[str, Any] = {"host": "web"} if kind == "DestinationRule" else {"hosts": ["web"]}

    def answer(args: Arguments) -> bool:
        spec = {**about, **args["spec"]}
        for route in (*spec.get("http", ()), *spec.get("tcp", ())):
            route.setdefault("route", [{"destination": {"host": "web"}}])
        return _reported("ML905", _resource("networking.istio.io/v1", kind, "r", "shop", spec))

    return answer


def _is_for_the_mesh(args: Arguments) -> bool:
    """Whether routes of these gateways are followed by clients in the mesh."""
    gateways = {} if args["gateways"] is None else {"gateways": args["gateways"]}
    return _needs_waypoint("VirtualService")({"spec": {"http": [{}], **gateways}})


def _is_lost_telemetry(args: Arguments) -> bool:
    """Whether ML902 says of a Telemetry for ambient pods that nothing reads it."""
    spec = {"selector": {"matchLabels": {"app": "web"}}, **args["spec"]}
    return _reported("ML902", _resource("telemetry.istio.io/v1", "Telemetry", "t", "shop", spec))


def _reported(code: str, resource: dict[str, Any]) -> bool:
    """Whether a rule reports a resource of an ambient namespace without waypoint that has a Service and a pod."""
    container = {"name": "main", "image": "web", "ports": [{"containerPort": 80}]}
    pod = _resource("v1", "Pod", "web", "shop", {"containers": [container]})
    pod["metadata"]["labels"] = {"app": "web"}
    service = {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]}
    objects = [
        _namespace("shop", {"istio.io/dataplane-mode": "ambient"}),
        _resource("v1", "Service", "web", "shop", service),
        pod,
        resource,
    ]
    text = [msgspec.json.encode(item).decode() for item in objects]
    sources = [Source(f"{number}.yaml", item, named=True) for number, item in enumerate(text)]
    rules = [meta for meta in known_rules() if meta.code == code]
    report = lint(Input(sources, []), Settings(selection=select(rules, only=("all",)), scope=Scope.COMPLETE))
    return any(item.rule == code for item in report.findings)


def _mesh(objects: list[dict[str, Any]], config: dict[str, Any] | None = None) -> Mesh:
    entries = [Entry(convert(item), Origin(number, 0, f"{number}.yaml")) for number, item in enumerate(objects)]
    return Mesh(entries, Context(scope=Scope.COMPLETE, mesh_config=config))


def _namespace(name: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _resource(version: str, kind: str, name: str, namespace: str, spec: Any) -> dict[str, Any]:
    found = {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": namespace}}
    return found if spec is None else {**found, "spec": spec}


_ANSWERS: Mapping[str, Callable[[Arguments], bool | None]] = {
    "common.ImportsHost": _imports_host,
    "ambient.AppliesToMeshTraffic": _is_for_the_mesh,
    "ambient.AuthorizationPolicyHasTargetRefs": _has_targets("AuthorizationPolicy"),
    "ambient.ClassifyVirtualService": _needs_waypoint("VirtualService"),
    "ambient.IsDataplaneAmbientNamespace": _is_ambient,
    "ambient.IsEnrolledForWaypoint": _is_enrolled,
    "ambient.IsL7AuthorizationPolicy": _needs_requests,
    "ambient.IsL7Condition": _is_for_requests,
    "ambient.IsL7DestinationRule": _needs_waypoint("DestinationRule"),
    "ambient.IsL7Telemetry": _is_lost_telemetry,
    "ambient.RequestAuthenticationHasTargetRefs": _has_targets("RequestAuthentication"),
    "ambient.TelemetryHasTargetRefs": _has_targets("Telemetry", "telemetry.istio.io/v1"),
    "ambient.WasmPluginHasTargetRefs": _has_targets("WasmPlugin", "extensions.istio.io/v1alpha1"),
}
