"""Ports as Kubernetes takes them: numbers, names, protocols (`ValidateService`, `validateContainerPorts`)."""

from functools import lru_cache

from meshlint.values import LOWER, Reason, is_made_of

PROTOCOLS = frozenset({"TCP", "UDP", "SCTP"})

_IN_NAME = f"{LOWER}-"
_SERVICE_PORT_LIMIT = 63
CONTAINER_PORT_LIMIT = 15


def port_number(number: int) -> Reason:
    """A port of TCP, UDP or SCTP."""
    return None if 1 <= number <= 65535 else "ports go from 1 to 65535"


@lru_cache(maxsize=1024)
def service_port_name(text: str) -> Reason:
    """The name of a port of a Service: a DNS label without capitals."""
    if len(text) > _SERVICE_PORT_LIMIT:
        return f"it has more than {_SERVICE_PORT_LIMIT} characters"
    if is_made_of(text, _IN_NAME, LOWER):
        return None
    return "it has to be small letters, digits and `-`, with a letter or digit at both ends"


@lru_cache(maxsize=1024)
def container_port_name(text: str) -> Reason:
    """The name of a port of a container, which `targetPort` of a Service may be too (`IsValidPortName`)."""
    if len(text) > CONTAINER_PORT_LIMIT:
        return f"it has more than {CONTAINER_PORT_LIMIT} characters"
    has_letter = text.strip("-0123456789") != ""
    if has_letter and "--" not in text and is_made_of(text, _IN_NAME, LOWER):
        return None
    return "it has to be small letters, digits and single `-` between them, with at least one letter"
