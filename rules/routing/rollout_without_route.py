"""An Argo Rollout whose traffic routing names what its VirtualService or DestinationRule does not have.

Argo Rollouts writes the weights of a canary into routes that are there already: the route of each name in
`routes`, with a destination for the stable and one for the canary, by Services or by subsets. Where one of them is
missing the Rollout is not carried out (`InvalidSpec`), or stays at its first step
(https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/).

A VirtualService or DestinationRule is called missing only with evidence, such as a similar name.

### Bad

```yaml
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: web, image: "registry.example/web:1.0"}]
  strategy:
    canary:
      stableService: web
      canaryService: web-canary
      trafficRouting:
        istio:
          virtualService:
            name: web
            routes:
            - main  # ML293
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - name: primary
    route:
    - destination: {host: web}
      weight: 100
    - destination: {host: web-canary}
      weight: 0
```

### Good

```yaml
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: web, image: "registry.example/web:1.0"}]
  strategy:
    canary:
      stableService: web
      canaryService: web-canary
      trafficRouting:
        istio:
          virtualService:
            name: web
            routes:
            - primary
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [web]
  http:
  - name: primary
    route:
    - destination: {host: web}
      weight: 100
    - destination: {host: web-canary}
      weight: 0
```
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from meshlint.api import (
    DestinationRule,
    Findings,
    Mesh,
    Place,
    Rollout,
    Severity,
    VirtualService,
    at,
    finding,
    listed,
    rule,
)
from meshlint.mesh.trust import Sought
from meshlint.model.networking.virtual_service import HTTPRoute
from meshlint.reading.data import mapping

_ISTIO = ("canary", "trafficRouting", "istio")

Key = str | int


@rule("ML293", "rollout-without-route", severity=Severity.ERROR, since="0.1.0")
def check(rollout: Rollout, mesh: Mesh) -> Findings:
    canary = mapping(rollout.spec.strategy if rollout.spec else None, "canary")
    istio = mapping(canary, "trafficRouting", "istio")
    if not istio or mesh.is_patched(rollout):
        return
    lacking = list(_in_subsets(rollout, mapping(istio, "destinationRule"), mesh))
    yield from lacking
    wanted = {} if lacking else _wanted(canary, istio)
    for path, reference in _virtual_services(istio):
        yield from _in_routes(rollout, path, reference, wanted, mesh)


def _in_routes(
    rollout: Rollout,
    path: Sequence[Key],
    reference: Mapping[str, Any],
    wanted: Mapping[tuple[Key, ...], str],
    mesh: Mesh,
) -> Findings:
    """What the VirtualService of a reference lacks; `wanted` are destinations by the field that names them."""
    name, namespace = _name(reference, mesh.namespace(rollout))
    found = [item for item in mesh.find("VirtualService", namespace, name) if isinstance(item, VirtualService)]
    if not found:
        yield from _missing("VirtualService", namespace, name, _place(rollout, *path, "name"), mesh)
    if (
        len(found) != 1
        or not found[0].http
        or mesh.is_patched(found[0])
        or not mesh.trust.may_conflict(rollout, found[0])
    ):
        return
    [virtual_service] = found
    names = _texts(reference, "routes")
    for index, text in enumerate(names):
        if all(route.name != text for route in virtual_service.http):
            others = [route.name for route in virtual_service.http if route.name]
            yield finding(
                _place(rollout, *path, "routes", index),
                f"VirtualService `{name}` has no HTTP route of the name `{text}`: the rollout is not carried out",
                help=f"write the name of one of its routes: {listed(others)}"
                if others
                else f"write `name: {text}` at its route",
                related=[(at(virtual_service, virtual_service.spec, "http").key(), "its routes")],
            )
    for route in virtual_service.http:
        if route.name in names or (not names and len(virtual_service.http) == 1 and not route.name):
            yield from _in_destinations(rollout, virtual_service, route, wanted)


def _in_destinations(
    rollout: Rollout, virtual_service: VirtualService, route: HTTPRoute, wanted: Mapping[tuple[Key, ...], str]
) -> Findings:
    targets = [weighted.destination for weighted in route.route or () if weighted.destination]
    for field, text in wanted.items():
        is_subset = field[-1] in {"canarySubsetName", "stableSubsetName"}
        has = {target.subset if is_subset else (target.host or "").split(".")[0] for target in targets}
        if text not in has:
            kind = "subset" if is_subset else "Service"
            yield finding(
                _place(rollout, *field),
                f"the route of VirtualService `{virtual_service.name}` has no destination with {kind} `{text}`: the "
                "rollout is not carried out",
                help="add a destination to the route, with `weight: 0` for the canary",
                related=[(at(virtual_service, route, "route"), "its destinations")],
            )


def _in_subsets(rollout: Rollout, reference: Mapping[str, Any], mesh: Mesh) -> Findings:
    """What the DestinationRule of a reference lacks."""
    path = (*_ISTIO, "destinationRule")
    name, namespace = reference.get("name"), mesh.namespace(rollout)
    if not isinstance(name, str) or not name:
        return
    found = [item for item in mesh.find("DestinationRule", namespace, name) if isinstance(item, DestinationRule)]
    if not found:
        yield from _missing("DestinationRule", namespace, name, _place(rollout, *path, "name"), mesh)
    if len(found) != 1 or mesh.is_patched(found[0]) or not mesh.trust.may_conflict(rollout, found[0]):
        return
    subsets = (found[0].spec.subsets if found[0].spec else None) or ()
    for field in ("canarySubsetName", "stableSubsetName"):
        text = reference.get(field)
        if isinstance(text, str) and text and all(subset.name != text for subset in subsets):
            yield finding(
                _place(rollout, *path, field),
                f"DestinationRule `{name}` has no subset `{text}`: Argo Rollouts adds none, so requests sent there get 503",
                help=f"its subsets are {listed(subset.name or '' for subset in subsets)}"
                if subsets
                else "define the subset",
                related=[(at(found[0]), "the DestinationRule")],
            )


def _missing(kind: str, namespace: str, name: str, place: Place, mesh: Mesh) -> Findings:
    rollout = place.resource
    relative = namespace == mesh.namespace(rollout)
    outcome = mesh.trust.absent(Sought(kind, namespace, name, rollout, relative))
    if outcome.is_missing:
        yield finding(
            place,
            f"there is no {kind} `{name}` in namespace `{namespace}`: the rollout is not carried out",
            help=f"did you mean `{outcome.near}`?" if outcome.near else f"write the name of the {kind}",
        )


def _virtual_services(istio: Mapping[str, Any]) -> Iterator[tuple[tuple[Key, ...], Mapping[str, Any]]]:
    """The references to VirtualServices, with the way to each."""
    if mapping(istio, "virtualService"):
        yield (*_ISTIO, "virtualService"), mapping(istio, "virtualService")
    several = istio.get("virtualServices")
    for index, item in enumerate(several if isinstance(several, list | tuple) else ()):
        if isinstance(item, Mapping):
            yield (*_ISTIO, "virtualServices", index), item


def _wanted(canary: Mapping[str, Any], istio: Mapping[str, Any]) -> Mapping[tuple[Key, ...], str]:
    """The destinations that a route has to have, by the way to the field that names them: subsets, or else Services."""
    by_subsets = mapping(istio, "destinationRule")
    holder, way = (by_subsets, (*_ISTIO, "destinationRule")) if by_subsets else (canary, ("canary",))
    fields = ("stableSubsetName", "canarySubsetName") if by_subsets else ("stableService", "canaryService")
    return {(*way, field): holder[field] for field in fields if isinstance(holder.get(field), str)}


def _name(reference: Mapping[str, Any], home: str) -> tuple[str, str]:
    """The name and the namespace of a VirtualService, written as `name` or `name.namespace`."""
    name, _, rest = str(reference.get("name") or "").partition(".")
    return name, rest.partition(".")[0] or home


def _place(rollout: Rollout, *path: Key) -> Place:
    return at(rollout, rollout.spec, "strategy", *path)


def _texts(value: Mapping[str, Any], key: str) -> Sequence[str]:
    found = value.get(key)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list | tuple) else ()
