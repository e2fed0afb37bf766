"""Node: its labels give endpoints their locality."""

from meshlint.model.base import Resource


class Node(Resource, frozen=True):
    """A node; all that a mesh reads of it is its labels (`topology.kubernetes.io/region`, `.../zone`)."""
