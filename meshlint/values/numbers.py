"""Numbers: ports, percentages, HTTP statuses, primes; texts that Go reads as numbers or booleans."""

from math import isqrt

from meshlint.schemas import golang
from meshlint.values import Reason

_GO_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_GO_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def port(number: int) -> Reason:
    """A port: 1 to 65535 (`ValidatePort`)."""
    return None if 1 <= number <= 65535 else "a port is a number from 1 to 65535"


def percent(number: int) -> Reason:
    """A whole percentage: 0 to 100 (`ValidatePercent`)."""
    return None if 0 <= number <= 100 else "a percentage is a number from 0 to 100"


def fine_percent(value: float) -> Reason:
    """A percentage that Envoy can hold in parts of a million: 0, or 0.0001 to 100 (`validatePercentage`)."""
    if value < 0 or value > 100:
        return "a percentage is a number from 0 to 100"
    return "the smallest percentage above 0 is 0.0001" if 0 < value < 0.0001 else None


def http_status(number: int) -> Reason:
    """An HTTP status: 200 to 600 (`validateHTTPStatus`; its message says 599, its code takes 600)."""
    return None if 200 <= number <= 600 else "an HTTP status is a number from 200 to 599"


def integer(text: str) -> int | None:
    """A text as Go's `strconv.Atoi` reads it: sign and leading zeros are fine, blanks are not; None if it is none."""
    if not text[-1:].isdecimal():
        return None  # most texts, without the cost of an exception
    try:
        return golang.integer(text)
    except ValueError:
        return None


def go_bool(text: str) -> bool | None:
    """A text as Go's `strconv.ParseBool` reads it; None if it is none."""
    return True if text in _GO_TRUE else False if text in _GO_FALSE else None


def is_prime(number: int) -> bool:
    """Whether Envoy takes a number for a prime: 1 counts (`isPrime`, after Envoy's own)."""
    if number < 4:
        return number > 0
    return number % 2 > 0 and all(number % divisor for divisor in range(3, isqrt(number) + 1, 2))


def unsigned(text: str, most: int) -> int | None:
    """A text as Go's `strconv.ParseUint` reads it, up to `most`: digits without sign; None if it is none."""
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0")
    number = int(digits or "0") if len(digits) <= 20 else most + 1
    return number if number <= most else None


def port_text(text: str) -> Reason:
    """A port as text, where 0 is allowed: 0 to 65535 (`ValidatePorts` of `pkg/config/security`)."""
    return "a port is a number from 0 to 65535" if unsigned(text, 65535) is None else None
