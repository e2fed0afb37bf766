"""Resources that are parts of others: mesh configuration in a ConfigMap or an IstioOperator.

istiod reads its configuration from the ConfigMap `istio` (`istio-REVISION` for a revision) in its own
namespace, key `mesh` (pkg/config/mesh/kubemesh, pilot/pkg/bootstrap/mesh.go), and the networks from
key `meshNetworks`. `istioctl install` takes them from `spec.meshConfig` and
`spec.values.global.meshNetworks` of an IstioOperator, the Helm charts from `meshConfig`.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.findings import Path, Spot
from meshlint.model.base import Resource
from meshlint.model.kinds import POD_PATHS
from meshlint.problems import NoMapping, Problem, SyntaxProblem
from meshlint.reading import content


class Derived(msgspec.Struct, frozen=True, eq=False):
    """A resource, the path its `spec` stands for, and whether that path leads to YAML inside a scalar.

    `content` is what stands there, as plain data; `hidden` are the keys above it that the text has not.
    """

    resource: Resource
    base: Path
    nested: bool
    content: dict[str, Any]
    hidden: Path = ()

    @property
    def message(self) -> dict[str, Any]:
        """The whole message, as plain data."""
        found = self.content
        for key in reversed(self.hidden):
            found = {str(key): found}
        return found


_KINDS = {"mesh": "MeshConfig", "meshNetworks": "MeshNetworks"}
"""The keys of istiod's ConfigMap, and what their text is."""


def derived(data: dict[str, Any]) -> Iterator[Derived]:
    """The mesh configuration that a document carries. Text inside it that is no YAML, or no mapping, gives nothing."""
    kind = data["kind"]
    if kind == "ConfigMap":
        yield from _of_config_map(data)
    elif kind == "IstioOperator":
        yield from _of_operator(data)


def refused(data: dict[str, Any]) -> Iterator[tuple[Path, Problem]]:
    """What istiod or `istioctl` cannot read of a document that carries mesh configuration: its path, and why.

    That is a text in a ConfigMap that is no mapping in YAML, and a key of an IstioOperator that is no
    field of it. Spots are relative to the path. What Helm or another tool is yet to fill in is left alone.
    """
    if data["kind"] == "IstioOperator":
        from meshlint.model.mesh_config.operator_fields import unknown_fields

        yield from ((problem.spot.path, problem) for problem in unknown_fields(data))
    for key, text in _texts(data):
        found = content(text)
        if isinstance(found, SyntaxProblem):
            from meshlint.reading.refusal import looks_like_template

            if not looks_like_template(text):
                advice = found.help or "correct the text: istiod does not start with it, or keeps what it had"
                yield ("data", key), msgspec.structs.replace(found, reader="istiod", help=advice)
        elif found is not None and not isinstance(found, dict):
            yield ("data", key), NoMapping(spot=Spot(0, 0, inner=()), kind=_KINDS[key], value=found)


PROXY_CONFIG = "proxy.istio.io/config"
CARRYING = frozenset({"ConfigMap", "IstioOperator", *POD_PATHS})
"""The kinds whose documents can carry mesh configuration, or settings of proxies."""

_POD_ANNOTATIONS = {kind: (*path, "metadata", "annotations") for kind, path in POD_PATHS.items()}


def pod_settings(data: dict[str, Any]) -> tuple[Path, dict[str, Any]] | None:
    """The settings that pods bring for their proxy: the path of the annotation, and what its text says.

    None where there are none, where they cannot be read, and for pods that keep the proxy out.
    """
    pod = _pod(data)
    text = _inside(pod, "metadata", "annotations").get(PROXY_CONFIG)
    if not isinstance(text, str) or _keeps_proxy_out(pod):
        return None
    found = content(text)
    path = (*POD_PATHS[data["kind"]], "metadata", "annotations", PROXY_CONFIG)
    return (path, found) if isinstance(found, dict) else None


def carries_pod_settings(data: dict[str, Any]) -> bool:
    """Whether a document has that annotation; cheap, asked of every document."""
    path = _POD_ANNOTATIONS.get(data["kind"])
    return path is not None and PROXY_CONFIG in _inside(data, *path)


def _pod(data: dict[str, Any]) -> dict[str, Any]:
    return _inside(data, *POD_PATHS[data["kind"]])


def _inside(data: dict[str, Any], *path: str | int) -> dict[str, Any]:
    """The mapping at a path; an empty one where there is none."""
    found: Any = data
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _keeps_proxy_out(pod: dict[str, Any]) -> bool:
    from meshlint.model.kubernetes.pod import keeps_proxy_out

    labels, annotations = (_inside(pod, "metadata", name) for name in ("labels", "annotations"))
    return keeps_proxy_out(labels, annotations, on_host=_inside(pod, "spec").get("hostNetwork") is True)


def carries_mesh_config(data: dict[str, Any]) -> bool:
    """Whether a document can hold mesh configuration; cheap, asked of every document."""
    return data["kind"] == "IstioOperator" or (data["kind"] == "ConfigMap" and _is_istiods(data))


def _built(key: str, found: dict[str, Any]) -> Resource:
    """The resource of a message; its model is imported only where a document carries one."""
    if key == "mesh":
        from meshlint.model.mesh_config.mesh_config import mesh_config

        return mesh_config(found)
    from meshlint.model.mesh_config.mesh_networks import mesh_networks

    return mesh_networks(found)


def _is_istiods(data: dict[str, Any]) -> bool:
    metadata = data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return isinstance(name, str) and (name == "istio" or name.startswith("istio-"))


def _texts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of istiod's ConfigMap by their keys; none of any other document."""
    held = data.get("data")
    if data["kind"] == "ConfigMap" and _is_istiods(data) and isinstance(held, dict):
        yield from ((key, held[key]) for key in _KINDS if isinstance(held.get(key), str))


def _of_config_map(data: dict[str, Any]) -> Iterator[Derived]:
    for key, text in _texts(data):
        found = content(text)
        if isinstance(found, dict):
            yield Derived(_within(_built(key, found), data), ("data", key), nested=True, content=found)


def _of_operator(data: dict[str, Any]) -> Iterator[Derived]:
    paths: tuple[tuple[str, Path], ...] = (
        ("mesh", ("spec", "meshConfig")),
        ("mesh", ("spec", "values", "meshConfig")),
        ("meshNetworks", ("spec", "values", "global", "meshNetworks")),
    )
    for key, path in paths:
        found: Any = data
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, dict) and key == "meshNetworks":
            from meshlint.model.mesh_config.mesh_networks import values_networks

            resource = _within(values_networks(found), data)
            yield Derived(resource, path, nested=False, content=found, hidden=("networks",))
        elif isinstance(found, dict):
            yield Derived(_within(_built(key, found), data), path, nested=False, content=found)


def _within(resource: Resource, data: dict[str, Any]) -> Resource:
    """The resource under the name and namespace of the document that carries it."""
    from meshlint.model.base import ObjectMeta

    metadata = data.get("metadata")
    if not isinstance(metadata, dict):
        return resource
    name, namespace = metadata.get("name"), metadata.get("namespace")
    meta = ObjectMeta(
        name=name if isinstance(name, str) else None, namespace=namespace if isinstance(namespace, str) else None
    )
    return msgspec.structs.replace(resource, metadata=meta)
