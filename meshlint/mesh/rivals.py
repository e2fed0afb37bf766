"""Others that claim the same thing: a few to name, and how many more there are.

Thousands of resources may claim one thing, and each of them is to be told so; to name all others to
each would make the cost, and the text, quadratic. So a few are found and the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.context import Scope

if TYPE_CHECKING:
    from meshlint.findings import Place
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource

_NAMED = 3
_TRIED = 50
"""How many are looked at to find some that are meant to exist beside the claimant."""


class Rivals(msgspec.Struct, frozen=True, eq=False):
    """The others."""

    named: tuple[Resource, ...]
    """A few of them, in the order of the input; never empty."""
    more: int
    """How many there are besides."""
    names: str
    """All of it in words: "`shop/a`, `shop/b` and 3 more"."""

    @property
    def single(self) -> bool:
        """Whether it is one only, for the verb of a message."""
        return len(self.named) == 1 and not self.more

    def places(self, text: str) -> Iterator[tuple[Place, str]]:
        """The named ones as related places."""
        from meshlint.findings import at

        for rival in self.named:
            yield at(rival), text


def rivals(mesh: Mesh, claimant: Resource, group: Sequence[Resource]) -> Rivals | None:
    """Those of a group (each once, `claimant` among them) that exist beside `claimant`; None where there is none.

    A variant of the claimant, or one that is an alternative to it, is none (`Trust.may_conflict`);
    of variants of another one is named.
    """
    return _gathered(mesh, claimant, group, len(group) - 1)


def strangers(mesh: Mesh, claimant: Resource, group: Sequence[Resource]) -> Rivals | None:
    """The same for a group that `claimant` does not belong to."""
    return _gathered(mesh, claimant, group, len(group))


def _gathered(mesh: Mesh, claimant: Resource, group: Sequence[Resource], others: int) -> Rivals | None:
    if others < 1:
        return None
    claimant = mesh.written(claimant)
    known = set(mesh.identities(claimant))
    found: list[Resource] = []
    tried = 0
    for other in group:
        if len(found) == _NAMED or tried == _TRIED:
            break
        if other is claimant:
            continue
        tried += 1
        if known.isdisjoint(mesh.identities(other)) and _meet(mesh, claimant, other):
            found.append(other)
            known |= mesh.identities(other)
    if not found:
        return None
    more = others - tried
    return Rivals(tuple(found), more, _in_words([called(mesh, other) for other in found], more))


def _meet(mesh: Mesh, one: Resource, other: Resource) -> bool:
    """Whether two resources are in one place at one time.

    Where no file says which namespace they are for, two files may be for two of them, or for two
    clusters; a complete input is one cluster.
    """
    trust = mesh.trust
    if not trust.may_conflict(one, other):
        return False
    if mesh.context.scope is Scope.COMPLETE or mesh.origin(one).source == mesh.origin(other).source:
        return True
    return not (trust.lives_anywhere(one) and trust.lives_anywhere(other))


def called(mesh: Mesh, resource: Resource) -> str:
    """Namespace and name, as messages give them."""
    return f"{mesh.namespace(resource)}/{resource.name}"


def _in_words(names: Sequence[str], more: int) -> str:
    quoted = [f"`{name}`" for name in names]
    if more:
        return f"{', '.join(quoted)} and {more} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
