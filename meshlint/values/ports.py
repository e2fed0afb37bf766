"""Ports as Kubernetes takes them: numbers, names, protocols (`ValidateService`, `validateContainerPorts`)."""

import re
from functools import lru_cache

from meshlint.values import Reason

PROTOCOLS = frozenset({"TCP", "UDP", "SCTP"})

_SERVICE_PORT = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_SERVICE_PORT_LIMIT = 63
_CONTAINER_PORT = re.compile(r"(?=[^a-z]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*")
CONTAINER_PORT_LIMIT = 15


def port_number(number: int) -> Reason:
    """A port of TCP, UDP or SCTP."""
    return None if 1 <= number <= 65535 else "ports go from 1 to 65535"


@lru_cache(maxsize=1024)
def service_port_name(text: str) -> Reason:
    """The name of a port of a Service: a DNS label without capitals."""
    if len(text) > _SERVICE_PORT_LIMIT:
        return f"it has more than {_SERVICE_PORT_LIMIT} characters"
    if _SERVICE_PORT.fullmatch(text):
        return None
    return "it has to be small letters, digits and `-`, with a letter or digit at both ends"


@lru_cache(maxsize=1024)
def container_port_name(text: str) -> Reason:
    """The name of a port of a container, which `targetPort` of a Service may be too (`IsValidPortName`)."""
    if len(text) > CONTAINER_PORT_LIMIT:
        return f"it has more than {CONTAINER_PORT_LIMIT} characters"
    if _CONTAINER_PORT.fullmatch(text):
        return None
    return "it has to be small letters, digits and single `-` between them, with at least one letter"
