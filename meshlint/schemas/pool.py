"""The generated data of schemas/: one pool of sub-schemas a project, and the entries of each release.

Every distinct sub-schema lies in the pool once, named by a digest of its content; properties and
items refer to others by that name. A release names, for each kind and version, the node of the
whole document. Nodes are decoded when first asked for: a run touches a few of them.
"""

import os
from typing import Any

import msgspec

from meshlint._bundled import folder
from meshlint.schemas.crd import Node

Ref = str | Node
"""A node of the pool by name, or an inline schema (a junctor's, a user's)."""


class Kind(msgspec.Struct, frozen=True, omit_defaults=True):
    """One kind in one release."""

    versions: dict[str, str]
    """Served version to the name of its node."""
    deprecated: dict[str, str] = {}
    """Deprecated version to the one that replaces it."""
    defaults: bool = False
    """Whether a field below has a default, which the API server fills in before it checks."""


Release = dict[str, Kind]
"""`group/Kind` to what the release knows of it."""


class Pool:
    """The sub-schemas of one project."""

    def __init__(self, raw: dict[str, msgspec.Raw]) -> None:
        self._raw = raw
        self._nodes: dict[str, Node] = {}

    def node(self, ref: Ref) -> Node:
        """The node of that name, whose children are names again; an inline schema is itself."""
        if type(ref) is not str:
            return ref  # type: ignore[return-value]
        found = self._nodes.get(ref)
        if found is None:
            found = self._nodes[ref] = msgspec.json.decode(self._raw[ref])
        return found

    def names(self) -> frozenset[str]:
        """All names, for tools and tests."""
        return frozenset(self._raw)


EMPTY = Pool({})
"""For schemas that are inline as a whole."""


def load_pool(project: str) -> Pool:
    """Read `schemas/<project>/pool.json` (no node is decoded yet)."""
    return Pool(msgspec.json.decode(_read(project, "pool.json"), type=dict[str, msgspec.Raw]))


def load_release(project: str, release: str) -> Release:
    """Read `schemas/<project>/<release>.json`; FileNotFoundError if there is no such release."""
    return msgspec.json.decode(_read(project, f"{release}.json"), type=Release)


def _read(*path: str) -> bytes:
    with open(os.path.join(folder("schemas"), *path), "rb") as file:
        return file.read()


def child(pool: Pool, ref: Ref, step: str | int) -> Ref | None:
    """The schema of one field, map value or list item of a node; None where there is none."""
    node = pool.node(ref)
    if type(step) is int:
        return node.get("items")
    properties: dict[str, Any] = node.get("properties", {})
    return properties.get(step, node.get("additionalProperties"))  # type: ignore[arg-type]
