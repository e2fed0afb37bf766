"""The part of CEL that constraints of CRDs use, compiled to closures.

`compile_rule(text)` gives a predicate; see docs/adr/ for why this is no library.
"""

from meshlint.schemas.cel.compiler import compile_rule
from meshlint.schemas.cel.parser import CelSyntaxError, canonical

__all__ = ["CelSyntaxError", "canonical", "compile_rule"]
