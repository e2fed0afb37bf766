"""The outcome of following a reference: found, missing with evidence, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer

if TYPE_CHECKING:
    from meshlint.model.base import Resource


class Reference(msgspec.Struct, frozen=True, eq=False):
    """What a name in one resource leads to.

    YES comes with `found`: every resource, variant and identity the name leads to (it may be empty
    where the thing exists without a file, as the control plane's own services do). NO means
    *missing, with evidence* (`mesh.trust` says what counts): a rule may report it. UNKNOWN means
    that these files cannot tell: a rule stays silent.
    """

    answer: Answer
    found: tuple[Resource, ...] = ()
    near: str | None = None
    """A name that exists and was probably meant, in the spelling the reference should have."""
    hidden: tuple[Resource, ...] = ()
    """With NO: resources that have the name, but are exported to nobody who would need them."""

    @property
    def is_missing(self) -> bool:
        """Whether a rule may say that the name leads nowhere."""
        return self.answer is Answer.NO


EXISTS = Reference(Answer.YES)
"""Exists, although no file of the input holds it."""

UNKNOWN = Reference(Answer.UNKNOWN)
"""Cannot be told from these files."""


def found(*resources: Resource) -> Reference:
    """Make the outcome of a name that leads to these resources."""
    return Reference(Answer.YES, resources)


def missing(near: str | None = None, hidden: Iterable[Resource] = ()) -> Reference:
    """Make the outcome of a name that leads nowhere, with the name that was probably meant."""
    return Reference(Answer.NO, (), near, tuple(hidden))


def of_all(outcomes: Sequence[Reference]) -> Reference:
    """Make one outcome of those under each identity of the referrer: missing only if missing under all."""
    for outcome in outcomes:
        if not outcome.is_missing:
            return outcome
    return next((outcome for outcome in outcomes if outcome.near), outcomes[0])
