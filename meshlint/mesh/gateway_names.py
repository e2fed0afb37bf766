"""How VirtualServices name the gateways that they are bound to."""

MESH = "mesh"
"""The gateway of all sidecars."""


def split_reference(reference: str, namespace: str) -> tuple[str, str]:
    """Give namespace and name of a Gateway as written in a namespace (`resolveGatewayName` in `pilot/pkg/model/config.go`).

    `name`, `./name` and `namespace/name`; a dot without a slash is the old form `name.namespace`,
    of which the rest (`.svc.cluster.local`) does not count.
    """
    before, slash, after = reference.partition("/")
    if slash:
        return (namespace if before == "." else before), after
    name, dot, rest = reference.partition(".")
    return (rest.partition(".")[0] if dot else namespace), name
