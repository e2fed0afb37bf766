"""Where documents carry mesh configuration, and the Helm values it comes in.

istiod reads its configuration from the ConfigMap `istio` (`istio-REVISION` for a revision) in its own
namespace, key `mesh` (pkg/config/mesh/kubemesh, pilot/pkg/bootstrap/mesh.go), and the networks from
key `meshNetworks`. Istio's chart `istiod` writes that ConfigMap out of its values `meshConfig` and
`global.meshNetworks` (manifests/charts/istio-control/istio-discovery/templates/configmap.yaml). Values are
given by

* an IstioOperator, beside a `spec.meshConfig` of its own (`istioctl install`);
* the `Istio` of the Sail operator;
* a HelmRelease of Flux, a HelmChart of k3s, an Application of Argo CD;
* files of values, which are no resources.

Another chart may have a value `meshConfig` of its own: where no name of a chart is known, values count only with
another sign of Istio's, a value beside it or a field in it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from meshlint.findings import Path
from meshlint.reading import content
from meshlint.reading.data import dig

_GROUPS = {
    "ConfigMap": "",
    "IstioOperator": "install.istio.io/",
    "Istio": "sailoperator.io/",
    "HelmRelease": "helm.toolkit.fluxcd.io/",
    "HelmChart": "helm.cattle.io/",
    "Application": "argoproj.io/",
}
"""The kinds of documents that can carry mesh configuration, with their groups."""
CARRIERS = frozenset(_GROUPS)
_OPERATORS = frozenset({"IstioOperator", "Istio"})
"""Those that give values without naming a chart."""
_CHARTS = frozenset({"istiod", "istio-discovery", "istiod-remote"})
"""The charts of the control plane. Another chart may have the first as a dependency, with its values below its name."""
_DEPENDENCY = "istiod"
_SIGNS = frozenset({"base", "cni", "istio_cni", "istiodRemote", "pilot", "sidecarInjectorWebhook", "telemetry"})
"""Values of the chart `istiod`, which hardly any other chart has."""


class Values(msgspec.Struct, frozen=True, eq=False):
    """Helm values of a control plane."""

    content: Mapping[str, Any]
    base: Path
    """The path to them in the document."""
    inner: Path | None = None
    """Their path inside the YAML that the scalar at `base` holds; None where that is no scalar."""
    is_part: bool = False
    """Whether more values are laid over or under these, which other files hold."""


class Chart(msgspec.Struct, frozen=True, eq=False):
    """A chart that a resource installs, and the values that it is given: a mapping, or text that holds one."""

    name: str | None
    version: Any
    values: Any
    base: Path
    """The path to the values in the document."""
    is_part: bool
    """See `Values`."""
    source: str | None = None
    """What the source is called that holds the chart, where that is named instead of the chart."""


class Carried(msgspec.Struct, frozen=True, eq=False):
    """Mesh config (`mesh`) or mesh networks (`meshNetworks`) as plain data, and where that stands: see `Values`.

    `hidden` are the keys above it that the text has not.
    """

    key: str
    content: dict[str, Any]
    base: Path
    inner: Path | None = None
    hidden: Path = ()
    is_part: bool = False


def carries(data: Mapping[str, Any]) -> bool:
    """Whether a resource can hold mesh configuration; cheap, asked of every document."""
    kind = data["kind"]
    if kind not in _GROUPS or not data["apiVersion"].startswith(_GROUPS[kind]):
        return False
    return kind != "ConfigMap" or is_istiods(data)


def carried(data: Mapping[str, Any]) -> Iterator[Carried]:
    """The mesh configuration of a resource that `carries` it. Text that is no mapping in YAML gives nothing."""
    if data["kind"] == "ConfigMap":
        for key, text in texts(data):
            found = content(text)
            if isinstance(found, dict):
                yield Carried(key, found, ("data", key), inner=())
    elif data["kind"] == "IstioOperator":
        found = dig(data, "spec", "meshConfig")
        if isinstance(found, dict):
            yield Carried("mesh", found, ("spec", "meshConfig"))
    for values in values_of(data):
        yield from carried_by_values(values)


def carried_by_values(values: Values) -> Iterator[Carried]:
    """The mesh configuration in Helm values."""
    networks: Path = ("networks",)  # the chart wraps them
    for key, path, hidden in (("mesh", ("meshConfig",), ()), ("meshNetworks", ("global", "meshNetworks"), networks)):
        found = dig(values.content, *path)
        if isinstance(found, dict):
            base, inner = _below(values, path)
            yield Carried(key, found, base, inner, hidden, values.is_part)


def texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of istiod's ConfigMap by their keys; none of any other document."""
    held = data.get("data")
    if data["kind"] == "ConfigMap" and is_istiods(data) and isinstance(held, dict):
        yield from ((key, held[key]) for key in ("mesh", "meshNetworks") if isinstance(held.get(key), str))


def is_istiods(data: Mapping[str, Any]) -> bool:
    """Whether a ConfigMap is called as the one that istiod reads."""
    name = dig(data, "metadata", "name")
    return isinstance(name, str) and (name == "istio" or name.startswith("istio-"))


def charts(data: Mapping[str, Any]) -> Iterator[Chart]:
    """The charts that a resource installs, whatever is in them."""
    given = _INSTALLERS.get(data["kind"]) if carries(data) else None
    return given(data) if given else iter(())


def values_of(data: Mapping[str, Any]) -> Iterator[Values]:
    """The Helm values of control planes that a resource gives."""
    if data["kind"] in _OPERATORS and carries(data):
        found = dig(data, "spec", "values")
        if isinstance(found, dict):
            yield Values(found, ("spec", "values"))
    for chart in charts(data):
        yield from values_in(chart)


def values_in(chart: Chart) -> Iterator[Values]:
    """The values of the control plane among those of a chart. Text that is no YAML is not ours to judge."""
    name = chart.name
    if name is None and chart.source in _CHARTS:
        name = chart.source  # mostly called as the chart that it holds
    text = chart.values
    if not isinstance(text, str):
        yield from _of_chart(name, chart.values, chart.base, is_part=chart.is_part)
    elif "meshConfig" in text or "istiod" in text or name in _CHARTS:
        for values in _of_chart(name, content(text), (), is_part=chart.is_part):
            yield msgspec.structs.replace(values, base=chart.base, inner=values.base)


def values_of_file(data: Any) -> Iterator[Values]:
    """The values in a document that is no resource: those of Istio's chart, or of one that has it as a dependency."""
    return _of_chart(None, data, (), is_part=True)


def carries_values(data: Any) -> bool:
    """Whether a document is no resource, but values with mesh configuration; cheap, asked of every document."""
    if not isinstance(data, dict) or "kind" in data or "apiVersion" in data:
        return False
    return any(True for values in values_of_file(data) for _ in carried_by_values(values))


def _of_release(data: Mapping[str, Any]) -> Iterator[Chart]:
    """That of a HelmRelease. `valuesFrom` lies below its values, `postRenderers` change what comes out."""
    spec = dig(data, "spec")
    chart = dig(spec, "chart", "spec")
    is_part = bool(dig(spec, "valuesFrom") or dig(spec, "postRenderers"))
    source = _text(dig(spec, "chartRef", "name"))
    values, base = dig(spec, "values"), ("spec", "values")
    yield Chart(_text(dig(chart, "chart")), dig(chart, "version"), values, base, is_part, source)


def _of_helm_chart(data: Mapping[str, Any]) -> Iterator[Chart]:
    """That of a HelmChart of k3s."""
    spec = dig(data, "spec")
    chart = _text(dig(spec, "chart"))
    name = chart.rpartition("/")[2] if chart is not None else None
    is_part = bool(dig(spec, "set") or dig(spec, "valuesSecrets"))
    yield Chart(name, dig(spec, "version"), dig(spec, "valuesContent"), ("spec", "valuesContent"), is_part)


def _of_application(data: Mapping[str, Any]) -> Iterator[Chart]:
    """Those of an Application, of each of its sources; `valuesObject` replaces `values`."""
    spec = dig(data, "spec")
    several = dig(spec, "sources")
    sources: list[tuple[Path, Any]] = [(("spec", "source"), dig(spec, "source"))]
    sources += [(("spec", "sources", at), it) for at, it in enumerate(several if isinstance(several, list) else ())]
    for path, source in sources:
        helm = dig(source, "helm")
        is_part = any(dig(helm, name) for name in ("valueFiles", "parameters", "fileParameters"))
        field = "valuesObject" if isinstance(dig(helm, "valuesObject"), dict) else "values"
        version, base = dig(source, "targetRevision"), (*path, "helm", field)
        yield Chart(_text(dig(source, "chart")), version, dig(helm, field), base, is_part)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _of_chart(chart: str | None, values: Any, base: Path, *, is_part: bool) -> Iterator[Values]:
    """Those of the control plane in the values of a chart, of which the name may not be known (None)."""
    if not isinstance(values, dict):
        return
    if chart in _CHARTS or (chart is None and _is_istios(values)):
        yield Values(values, base, is_part=is_part)
    inside = values.get(_DEPENDENCY)
    if isinstance(inside, dict):
        yield Values(inside, (*base, _DEPENDENCY), is_part=is_part)


def _is_istios(values: Mapping[str, Any]) -> bool:
    """Whether values of a chart that is not known are those of Istio's."""
    if not _SIGNS.isdisjoint(values):
        return True
    given = values.get("meshConfig")
    if not isinstance(given, dict):
        return "meshConfig" not in values
    from meshlint.model.mesh_config.mesh_config import MeshConfigSpec

    return not set(MeshConfigSpec.__struct_encode_fields__).isdisjoint(given)


_INSTALLERS: dict[str, Callable[[Mapping[str, Any]], Iterator[Chart]]] = {
    "HelmRelease": _of_release,
    "HelmChart": _of_helm_chart,
    "Application": _of_application,
}


def _below(values: Values, path: Path) -> tuple[Path, Path | None]:
    if values.inner is None:
        return values.base + path, None
    return values.base, values.inner + path
