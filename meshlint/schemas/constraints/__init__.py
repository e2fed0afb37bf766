"""What we say when a CEL rule of a CRD is broken: a name, a message of our own, the field.

`tools/gen_schemas.py` looks every rule text up here and fails on one without an entry; the pool
then carries the name beside the rule.
"""

from functools import cache

from meshlint.schemas.constraints import gateway_api, istio
from meshlint.schemas.constraints.base import Constraint

__all__ = ["Constraint", "by_name"]

ALL = (*istio.CONSTRAINTS, *gateway_api.CONSTRAINTS)


@cache
def by_name() -> dict[str, Constraint]:
    """Every constraint by its name."""
    return {constraint.name: constraint for constraint in ALL}
