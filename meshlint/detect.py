"""Which release of Istio the input installs, where nobody says it with `--istio-version`.

The gate needs to know before the first document is judged, so this looks at all texts first
(docs/adr/0005). Only the control plane counts: the tag of an IstioOperator, the image of istiod's
Deployment, the version and the values of Istio's chart, the version of the Sail operator's `Istio`. Images of
proxies and labels say nothing: data planes lag behind while a mesh is upgraded.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from meshlint.carriers import charts, values_in
from meshlint.reading import read
from meshlint.reading.data import dig
from meshlint.reading.documents import split
from meshlint.schemas.versions import NEWEST_ISTIO, RELEASES, Release, number
from meshlint.sources import Source

_VERSION = r"[v~]?(1\.\d+)(?:[.-][0-9A-Za-z.*-]*)?\Z"
"""A version, or a range of them within one release: `1.26.x`, `~1.26.1`."""
_CHART = "istiod"
"""Istio's chart of the control plane: its versions are those of Istio."""
_INTERNAL = "_internal_defaults_do_not_set"
"""Under this key the charts keep the values of their own values.yaml, since 1.24."""


class Installed(msgspec.Struct, frozen=True):
    """A control plane in the input: the version as written, its release, and the file."""

    version: str
    release: Release
    path: str


class Detected(msgspec.Struct, frozen=True):
    """The release to check against, None where the input does not say, and notes for the user."""

    release: Release | None = None
    notes: tuple[str, ...] = ()


def detect(sources: Iterable[Source]) -> Detected:
    """Which release the sources install. Never raises. Several that differ count as none.

    Fences of Markdown files and what lies in folders of tests are examples, and no installation. A release
    older than all that the schemas know counts as none: it is left over, or nothing is known of it.
    """
    marked = (source for source in sources if _is_marked(source.text) and not _is_example(source))
    found = [installed for source in marked for installed in _of_source(source)]
    by_release = {installed.release: installed for installed in reversed(found)}
    if not by_release:
        return Detected()
    if len(by_release) > 1:
        several = " and ".join(f"{item.version} ({item.path})" for _, item in sorted(by_release.items(), key=_age))
        return Detected(None, (f"the input installs Istio {several}: checked against {NEWEST_ISTIO}; {_OPTION}",))
    installed = found[0]
    oldest, newest = RELEASES["istio"][0], RELEASES["istio"][-1]
    if number(installed.release) < number(oldest):
        what = (
            f"{installed.path} installs Istio {installed.version}, older than {oldest}, the oldest that meshlint knows"
        )
        return Detected(None, (f"{what}: checked against {newest}; {_OPTION}",))
    release = installed.release if installed.release in RELEASES["istio"] else newest
    note = f"checked against Istio {release}, since {installed.path} installs {installed.version}; {_OPTION}"
    if release != installed.release:
        note = f"{installed.path} installs Istio {installed.version}: checked against {release}, the nearest that meshlint knows"
    return Detected(release, (note,))


_EXAMPLES = frozenset({"testdata", "test", "tests", "fixtures", "examples", "samples"})
"""Folders in which an installation is made up."""
_OPTION = "--istio-version chooses another"


def _age(item: tuple[Release, Installed]) -> tuple[int, ...]:
    return number(item[0])


def _is_example(source: Source) -> bool:
    return source.fence is not None or not _EXAMPLES.isdisjoint(source.path.split("/"))


def _of_source(source: Source) -> Iterator[Installed]:
    text = source.text
    for piece in split(text):
        part = text[piece.start : piece.end]
        if not _is_marked(part):
            continue
        for document in read(part).documents:
            for version in _versions(document.data):
                match = re.match(_VERSION, version)
                if match:
                    yield Installed(version, match[1], source.path)


def _is_marked(text: str) -> bool:
    """Whether a text holds one of the words without which no document installs a control plane."""
    # Written out, since all texts of a run pass here.
    return (
        "IstioOperator" in text or "sailoperator.io" in text or "istiod" in text or "pilot" in text or "global:" in text
    )


def _versions(data: Any) -> Iterator[str]:
    """The versions of control planes that a document installs, as written."""
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(data, dict):
        return
    if isinstance(kind, str) and kind.endswith("List") and isinstance(data.get("items"), list):
        for item in data["items"]:
            yield from _versions(item)
    elif kind == "IstioOperator":
        yield from _of_operator(data)
    elif kind == "Deployment":
        yield from _of_deployment(data)
    elif kind == "Istio" and str(data.get("apiVersion")).startswith("sailoperator.io/"):
        yield from _tag(dig(data, "spec", "version"))
    elif kind == "Kustomization":
        yield from _of_kustomization(data)
    elif kind == "OCIRepository":
        if str(dig(data, "spec", "url")).rpartition("/")[2] == _CHART:
            yield from _tag(dig(data, "spec", "ref", "tag"))
    elif kind is None and "apiVersion" not in data:
        yield from _of_values(data)
    elif kind is None:
        yield from _of_charts(data.get("dependencies"))
    elif isinstance(kind, str) and isinstance(data.get("apiVersion"), str):
        yield from _of_installed(data)


def _of_operator(data: dict[str, Any]) -> Iterator[str]:
    """The tag of `pilot` wins over that of all components (the operator's own translation to Helm values)."""
    spec = data.get("spec")
    for path in (("components", "pilot", "tag"), ("values", "pilot", "tag"), ("tag",), ("values", "global", "tag")):
        found = list(_tag(dig(spec, *path)))
        if found:
            yield from found
            return


def _of_deployment(data: dict[str, Any]) -> Iterator[str]:
    name = dig(data, "metadata", "name")
    containers = dig(data, "spec", "template", "spec", "containers")
    if not isinstance(name, str) or not name.startswith("istiod") or not isinstance(containers, list):
        return
    for container in containers:
        if dig(container, "name") == "discovery":
            yield from _of_image(dig(container, "image"))


def _of_image(image: Any) -> Iterator[str]:
    """The tag of an image; none where it is given by digest only."""
    if isinstance(image, str):
        tag = image.partition("@")[0].rpartition("/")[2].partition(":")[2]
        yield from _tag(tag)


def _of_kustomization(data: dict[str, Any]) -> Iterator[str]:
    images = data.get("images")
    for image in images if isinstance(images, list) else ():
        if str(dig(image, "name")).rpartition("/")[2] == "pilot":
            yield from _tag(dig(image, "newTag"))
    yield from _of_charts(data.get("helmCharts"))


def _of_charts(charts: Any) -> Iterator[str]:
    """The versions of Istio's chart in a list: what a chart depends on, what a kustomization renders."""
    for chart in charts if isinstance(charts, list) else ():
        if dig(chart, "name") == _CHART:
            yield from _tag(dig(chart, "version"))


def _of_installed(data: dict[str, Any]) -> Iterator[str]:
    """Of Istio's chart among those that a resource installs: the tag in its values, which wins, or its version."""
    for chart in charts(data):
        if chart.name == _CHART:
            tags = [tag for values in values_in(chart) for tag in _of_chart(values.content, is_istios=True)]
            yield from tags or _tag(chart.version)


def _of_values(data: dict[str, Any]) -> Iterator[str]:
    """Helm values of Istio's control plane: of its chart, or of a chart that has it as a dependency."""
    for below in ("istiod", _INTERNAL):
        inside = data.get(below)
        if isinstance(inside, dict):
            yield from _of_chart(inside, is_istios=True)
    yield from _of_chart(data, is_istios=_is_istios(data))


def _is_istios(values: dict[str, Any]) -> bool:
    """Whether values are those of Istio's chart: many charts have a `global.tag`."""
    hubs = (dig(values, "global", "hub"), dig(values, "pilot", "hub"))
    is_hub = any(isinstance(hub, str) and hub.rpartition("/")[2] == "istio" for hub in hubs)
    is_mesh = "meshConfig" in values or dig(values, "global", "istioNamespace") is not None
    return is_hub or (is_mesh and isinstance(values.get("pilot"), dict))


def _of_chart(values: Mapping[str, Any], *, is_istios: bool) -> Iterator[str]:
    image = dig(values, "pilot", "image")
    if isinstance(image, str) and image.partition(":")[0].endswith("/pilot"):
        yield from _of_image(image)
    elif is_istios:
        yield from list(_tag(dig(values, "pilot", "tag"))) or _tag(dig(values, "global", "tag"))


def _tag(value: Any) -> Iterator[str]:
    if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
        yield str(value)
