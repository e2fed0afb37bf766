"""ListenerSet: further listeners of a Gateway, owned by somebody else. Since release 1.5."""

from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.gateway_api.common import ObjectReference
from meshlint.model.gateway_api.listener import Listener


class ListenerSetSpec(Message, frozen=True):
    """What a ListenerSet says."""

    parent_ref: ObjectReference | None = None
    """A Gateway, by default of the same namespace."""
    listeners: tuple[Listener, ...] | None = None


class ListenerSet(Resource, frozen=True):
    """Also the experimental XListenerSet of releases 1.3 and 1.4."""

    spec: ListenerSetSpec | None = None
    status: Any = None

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The listeners as written."""
        return self.spec.listeners or () if self.spec else ()
