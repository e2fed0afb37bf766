"""An egress host of a Sidecar that another one of the same listener covers.

`shop/*` brings every service of the namespace that the workloads may see, and `*/*` every service
of the mesh: a host beside it adds nothing, and that it stands there hides how wide the list is. In the Sidecar that
the root namespace has for all others, `.` is the namespace of each workload.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: shop
spec:
  egress:
  - hosts:
    - ./*
    - shop/reviews.shop.svc.cluster.local  # ML711
    - istio-system/*
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: shop
spec:
  egress:
  - hosts:
    - ./*
    - istio-system/*
```
"""

from meshlint.api import Findings, Mesh, Severity, Sidecar, at, finding, rule
from meshlint.model.networking.sidecar import IstioEgressListener

_ALL = "*"


@rule("ML711", "duplicate-egress-host", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    own = _own(sidecar, mesh)
    for listener in (sidecar.spec and sidecar.spec.egress) or ():
        hosts = _split(listener, own)
        if any(namespace == name == _ALL for _, namespace, name in hosts):
            yield from _beside_everything(sidecar, listener, hosts)
        else:
            yield from _twice(sidecar, listener, hosts)


_Host = tuple[int, str, str]
"""Index, namespace with `.` written out, name."""


def _own(sidecar: Sidecar, mesh: Mesh) -> str:
    """The namespace that `.` stands for: `.` itself where that is the one of each workload, whichever it is.

    So it is for the Sidecar that the root namespace has for all others (`pilot/pkg/model/sidecar.go`).
    """
    is_default = mesh.namespace(sidecar) == mesh.settings.root_namespace
    selects = sidecar.spec is not None and sidecar.spec.workload_selector is not None
    return "." if is_default and not selects else sidecar.namespace or "default"


def _split(listener: IstioEgressListener, own: str) -> list[_Host]:
    """The hosts of the form `namespace/name`; those that exclude a namespace (`~`) play no part."""
    found = []
    for index, host in enumerate(listener.hosts or ()):
        namespace, slash, name = host.partition("/")
        if slash and not namespace.startswith("~"):
            found.append((index, own if namespace == "." else namespace, name))
    return found


def _beside_everything(sidecar: Sidecar, listener: IstioEgressListener, hosts: list[_Host]) -> Findings:
    others = [index for index, namespace, name in hosts if not namespace == name == _ALL]
    whole = next(index for index, namespace, name in hosts if namespace == name == _ALL)
    repeated = [index for index, namespace, name in hosts if namespace == name == _ALL and index != whole]
    for index in sorted(others + repeated):
        yield finding(
            at(sidecar, listener, "hosts", index),
            f"`{(listener.hosts or ())[index]}` adds nothing: `*/*` already brings every service of the mesh",
            help="remove it, or remove `*/*` to keep the list narrow",
            related=[(at(sidecar, listener, "hosts", whole), "this brings every service")],
        )


def _twice(sidecar: Sidecar, listener: IstioEgressListener, hosts: list[_Host]) -> Findings:
    seen: dict[tuple[str, str], int] = {}
    wide = {namespace: index for index, namespace, name in reversed(hosts) if name == _ALL}
    for index, namespace, name in hosts:
        other = seen.setdefault((namespace, name), index)
        cover = other if other != index else wide.get(namespace, index)
        if cover == index or (name == _ALL and other == index):
            continue
        written = listener.hosts or ()
        yield finding(
            at(sidecar, listener, "hosts", index),
            f"`{written[index]}` adds nothing: `{written[cover]}` "
            f"{'says the same' if other != index else f'already brings every service of namespace {namespace}'}",
            help="remove it" if other != index else f"remove it, or remove `{written[cover]}` to keep the list narrow",
            related=[(at(sidecar, listener, "hosts", cover), "this covers it")],
        )
