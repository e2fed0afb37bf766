"""Names of gateways in a VirtualService and its matches: reference rows vs-gateway-*."""

from collections.abc import Sequence

from meshlint.values.hosts import fqdn, label

from ._frame import Faults, fault

_HELP = "write `<namespace>/<name>`, or the name alone for a Gateway of the same namespace"


def gateway_names(holder: object, names: Sequence[str]) -> Faults:
    """Each name up to the first without `/`: there istiod stops, and never looks at the others."""
    for index, name in enumerate(names):
        namespace, slash, short = name.partition("/")
        if not slash:
            reason = fqdn(name)
            if reason:
                yield fault(holder, "gateways", index, what=f"gateway `{name}`", why=reason, help=_HELP)
            return
        for part, what in ((namespace, "namespace"), (short, "name")):
            reason = label(part)
            if reason:
                yield fault(
                    holder,
                    "gateways",
                    index,
                    what=f"gateway `{name}`",
                    why=reason.replace("it", f"its {what}", 1),
                    help=_HELP,
                )
                break
