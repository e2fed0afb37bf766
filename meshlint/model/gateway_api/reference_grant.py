"""ReferenceGrant: lets objects of other namespaces refer to objects of its own."""

from typing import Any

import msgspec

from meshlint.model.base import Message, Resource


class ReferenceGrantFrom(Message, frozen=True):
    """Who may refer."""

    group: str | None = None
    """`""` is the core group."""
    kind: str | None = None
    namespace: str | None = None


class ReferenceGrantTo(Message, frozen=True):
    """What may be referred to."""

    group: str | None = None
    """`""` is the core group."""
    kind: str | None = None
    name: str | None = None
    """Absent: every object of the kind."""


class ReferenceGrantSpec(Message, frozen=True):
    """What a ReferenceGrant says: every `from_` may refer to every `to`."""

    from_: tuple[ReferenceGrantFrom, ...] | None = msgspec.field(name="from", default=None)
    to: tuple[ReferenceGrantTo, ...] | None = None


class ReferenceGrant(Resource, frozen=True):
    """Lives in the namespace that is referred to."""

    spec: ReferenceGrantSpec | None = None
    status: Any = None
