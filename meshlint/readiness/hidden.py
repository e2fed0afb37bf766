"""What these files cannot show: said in every report, as silence about it would read like an answer."""

from collections.abc import Iterator, Sequence

from meshlint.mesh.context import Scope
from meshlint.model.base import Opaque
from meshlint.readiness.ground import Ground

_ALWAYS = (
    (
        "real traffic: callers of other repositories and clusters, clients that reach pods by address, "
        "whatever a program learns at run time (`kubectl port-forward` goes on working: it uses loopback)"
    ),
    "pods that have not been restarted since injection was switched on, and so run without a sidecar",
    "the order in which policies were made, certificates and roots of trust, features of istiod that no file sets",
)

_SHOWN = 3


def not_visible(ground: Ground, injected: Sequence[str], unread: Sequence[str]) -> Iterator[str]:
    """Sentences: first what is special about this input, then what no files ever show."""
    mesh = ground.today
    yield from unread
    if injected:
        names = ", ".join(f"`{name}`" for name in injected)
        yield f"the label `istio-injection: enabled` of the namespaces {names}: `--injected` says that it is set"
    opaque = [f"{item.kind} `{item.name}`" for item in mesh.all(Opaque)]
    if opaque:
        yield f"the content of {_some(opaque)}, which could not be read"
    extensions = ground.mesh.mtls.proxy_calls.opaque
    if extensions:
        programs = [f"{item.kind} `{item.name}`" for item in extensions]
        yield f"what the code or the clusters of {_some(programs)} have proxies call"
    if not mesh.settings.is_known:
        yield "the mesh config: Istio's defaults are assumed (`--mesh-config FILE` gives it)"
    elif mesh.settings.mixed:
        yield "which of several mesh configs that differ is in force: Istio's defaults are assumed where they do"
    if mesh.context.scope is not Scope.COMPLETE:
        yield "resources and labels outside of these files (`--scope complete` says that there are none)"
    yield from _ALWAYS


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
