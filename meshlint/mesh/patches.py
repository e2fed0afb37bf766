"""What a patch of a kustomization may change of what is said about a resource.

The file of a patched resource is not the last word, but overlays mostly set what no question about a mesh
depends on: replicas, resources, nodes, notes for other tools. Such fields are *idle*.
"""

from collections.abc import Iterable, Sequence

from meshlint.model.kinds import POD_PATHS

Path = tuple[str, ...]
"""Keys and indexes from the root of a resource; `*` is any item of a list (see `meshlint.sources.touched`)."""

_IN_POD = frozenset(
    {
        "affinity",
        "imagePullSecrets",
        "nodeSelector",
        "priorityClassName",
        "schedulerName",
        "tolerations",
        "topologySpreadConstraints",
    }
)
_IN_CONTAINER = frozenset({"imagePullPolicy", "resources"})
_IN_CONTROLLER = frozenset(
    {
        "minReadySeconds",
        "paused",
        "podManagementPolicy",
        "progressDeadlineSeconds",
        "replicas",
        "revisionHistoryLimit",
        "strategy",
        "updateStrategy",
    }
)
_UNSELECTED = frozenset(
    {
        "AuthorizationPolicy",
        "DestinationRule",
        "HTTPRoute",
        "PeerAuthentication",
        "RequestAuthentication",
        "VirtualService",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
    }
)
"""Kinds whose own labels nothing selects by."""
_SERVED = frozenset({"hosts", "gateways", "exportTo"})
"""What a VirtualService is for; its routes are read without it."""
_SELECTING = frozenset(
    {
        "AuthorizationPolicy",
        "EnvoyFilter",
        "Gateway",
        "RequestAuthentication",
        "Sidecar",
        "Telemetry",
        "WasmPlugin",
    }
)
_SELECTORS = frozenset({"selector", "workloadSelector", "targetRef", "targetRefs"})
_PARTS_OFPOD_PATHS = frozenset({"containers", "initContainers", "volumes"})
_BESIDE_PORTS = frozenset({"image", "volumeMounts", "envFrom", "lifecycle", "securityContext"})
_IDENTITIES: tuple[Path, ...] = (
    ("metadata", "labels"),
    ("spec", "serviceAccountName"),
    ("spec", "serviceAccount"),
)
_READ_BY_THE_MESH = ("istio.io/", "gateway.networking.k8s.io/", "prometheus.io/")


def overlap(one: Iterable[str | int], other: Iterable[str | int]) -> bool:
    """Whether one path leads to, or into, what the other leads to."""
    return all(str(a) == str(b) or "*" in (a, b) for a, b in zip(one, other, strict=False))


def is_idle(kind: str, field: Path) -> bool:
    """Whether no question about a mesh depends on a field, but for those about the very field."""
    pods = POD_PATHS.get(kind)
    if pods is not None and field[: len(pods)] == pods:
        inner = field[len(pods) :]
        if inner[:2] == ("metadata", "annotations"):
            return _is_note(inner)
        if inner[:1] == ("spec",) and len(inner) > 1:
            if inner[1] in {"containers", "initContainers"}:
                return len(inner) > 3 and inner[3] in _IN_CONTAINER
            return inner[1] in _IN_POD
        if pods:
            return False
    if field[:2] == ("metadata", "annotations"):
        return _is_note(field)
    if field[:2] == ("metadata", "labels"):
        return kind in _UNSELECTED and _is_note(field)
    return pods is not None and field[:1] == ("spec",) and len(field) > 1 and field[1] in _IN_CONTROLLER


def _is_note(field: Path) -> bool:
    """Whether an annotation or label is for others than Istio and what scrapes pods."""
    return len(field) == 3 and not any(domain in field[2] for domain in _READ_BY_THE_MESH)


def is_apart(kind: str, field: Path, place: Sequence[str | int], *, of_mesh: bool) -> bool:
    """Whether what is said at a place inside a resource does not depend on a field elsewhere in it.

    `of_mesh` says that it follows from other resources too. In doubt it depends.
    """
    if field[:1] != ("spec",) or place[0] != "spec" or len(field) < 2:
        return False
    if kind in POD_PATHS:
        return _is_apart_in_pods(kind, field, place)
    if field[1] == place[1]:
        return False
    if kind == "VirtualService":
        return _is_in_route(place) and (
            field[1] in _SERVED if not of_mesh else field[1] == "hosts" and "destination" in place
        )
    if kind == "DestinationRule":
        return field[1] == "trafficPolicy" and place[1] != "host" and "trafficPolicy" not in place
    return kind in _SELECTING and place[1] in _SELECTORS and field[1] not in _SELECTORS


def is_of_identity(kind: str, field: Path) -> bool:
    """Whether a change of the field can give the pods of a workload other labels or another account."""
    pods = POD_PATHS.get(kind)
    return pods is None or any(overlap(field, (*pods, *inner)) for inner in _IDENTITIES)


def _is_in_route(place: Sequence[str | int]) -> bool:
    """Whether a place lies inside a route, and is neither the list nor a route as a whole."""
    return place[1] in {"http", "tls", "tcp"} and len(place) > 3


def _is_apart_in_pods(kind: str, field: Path, place: Sequence[str | int]) -> bool:
    """Labels of pods, and ports of containers, hold whatever image and volumes the containers get."""
    pods = (*POD_PATHS[kind], "spec")
    labels = (*POD_PATHS[kind], "metadata", "labels")
    if tuple(place[: len(labels)]) == labels:
        return field[: len(pods)] == pods and len(field) > len(pods) and field[len(pods)] in _PARTS_OFPOD_PATHS
    inner = field[len(pods) :]
    in_ports = "ports" in place[len(pods) :] and tuple(place[: len(pods)]) == pods
    return in_ports and field[: len(pods)] == pods and len(inner) > 2 and inner[2] in _BESIDE_PORTS
