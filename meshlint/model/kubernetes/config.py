"""ConfigMap and Secret."""

from collections.abc import Set as AbstractSet

from meshlint.model.base import Resource


class ConfigMap(Resource, frozen=True):
    """A ConfigMap. Its values matter where they hold mesh config."""

    data: dict[str, str] | None = None
    binary_data: dict[str, str] | None = None
    """Base64."""

    @property
    def keys(self) -> AbstractSet[str]:
        """The names in `data` and `binary_data`."""
        return (self.data or {}).keys() | (self.binary_data or {}).keys()


class Secret(Resource, frozen=True):
    """A Secret by its type and the names in it. `convert` leaves the values out: they are nobody's business."""

    type: str | None = None
    """`kubernetes.io/tls`, `kubernetes.io/dockerconfigjson`, `Opaque` (the default) ..."""
    data: dict[str, None] | None = None
    string_data: dict[str, None] | None = None
    """The API server merges it into `data`."""

    @property
    def keys(self) -> AbstractSet[str]:
        """The names in `data` and `string_data`."""
        return (self.data or {}).keys() | (self.string_data or {}).keys()
