"""Values of the annotations that the sidecar injector reads from pods (`pkg/kube/inject/validate.go`)."""

import re

from meshlint.values import Reason
from meshlint.values.addresses import cidr
from meshlint.values.numbers import go_bool, unsigned
from meshlint.values.quantities import quantity

_MODES = ("REDIRECT", "TPROXY", "NONE")
# Patterns are text and compiled when first used: a run needs few of them.
_INTERFACE = r"[a-zA-Z][a-zA-Z0-9_.\-]{0,14}"
_BREAKS_OUT = r'["\\\x00-\x1f]'
"""What ends the quotes of a YAML text, or means something else in them."""
_BLANK = " \t\n\v\f\r\x85\xa0"


def interception_mode(text: str) -> Reason:
    """How traffic gets into the proxy."""
    return None if text in _MODES else f"it is none of {', '.join(_MODES)}"


def status_port(text: str) -> Reason:
    """0 to 65535; blanks around it are fine."""
    return None if unsigned(text.strip(_BLANK), 65535) is not None else "a port is a number from 0 to 65535"


def seconds_or_tries(text: str) -> Reason:
    """A whole number of 32 bits, without sign and blanks."""
    return None if unsigned(text, 2**32 - 1) is not None else "it is no whole number of 0 or more"


def ranges(text: str) -> Reason:
    """Address ranges with commas between them, without blanks; or nothing."""
    for part in text.split(",") if text else ():
        reason = cidr(part)
        if reason:
            blank = part != part.strip()
            return f"`{part}` has a blank at its end or start" if blank else f"`{part}` is no range: {reason}"
    return None


def ranges_or_all(text: str) -> Reason:
    """Address ranges, or `*`."""
    return None if text == "*" else ranges(text)


def ports(text: str) -> Reason:
    """Ports with commas between them; blanks are fine; or nothing."""
    parts = text.split(",") if text.strip(_BLANK) else []
    bad = next((part for part in parts if status_port(part)), None)
    return None if bad is None else f"`{bad}` is no port from 0 to 65535"


def ports_or_all(text: str) -> Reason:
    """Ports, or `*`."""
    return None if text == "*" else ports(text)


def interfaces(text: str) -> Reason:
    """Names of network interfaces with commas between them; or nothing."""
    bad = (
        next((part for part in text.split(",") if not re.fullmatch(_INTERFACE, part.strip(_BLANK))), None)
        if text
        else None
    )
    if bad is None:
        return None
    return f"`{bad}` is no name of an interface: 1 to 15 letters, digits, `_`, `.` and `-`, the first a letter"


def boolean(text: str) -> Reason:
    """A boolean as Go reads it."""
    return "it is no boolean" if go_bool(text) is None else None


def rendered_quantity(text: str) -> Reason:
    """A quantity where the injector's template is filled with the text, in quotes, and only the pod is read."""
    return None if re.search(_BREAKS_OUT, text) else quantity(text.strip(_BLANK))
