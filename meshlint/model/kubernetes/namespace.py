"""Namespace: its labels decide about injection, ambient mode and revision."""

from meshlint.model.base import Resource


class Namespace(Resource, frozen=True):
    """A namespace; all that a mesh reads of it is its labels and annotations."""
