"""Quantities of Kubernetes: `100m`, `1Gi`."""

import re
from functools import lru_cache

from meshlint.values import Reason

_QUANTITY = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[KMGTPE]i|[numkMGTPE]?|[eE][+-]?[0-9]+)"


@lru_cache(maxsize=256)
def quantity(text: str) -> Reason:
    """An amount of CPU or memory (`resource.ParseQuantity`)."""
    if re.fullmatch(_QUANTITY, text):
        return None
    return "it is empty" if not text else "it is no quantity of Kubernetes such as `100m` or `128Mi`"
