"""What rules say, and where: findings, places, fixes.

Two forms of a place exist. A rule names one by *objects* (`Place`: this struct inside that
resource, that attribute of it). Before a finding leaves the step that made it, the place
becomes plain data (`Spot`: source, document, path of keys), which can cross a process border,
lie in a cache and be sorted. Lines and columns (`Region`) are found last, and only for
documents that have a finding: keeping them while reading costs three times the whole read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from meshlint.model.base import Resource

Path = tuple[str | int, ...]
"""Keys and list indexes from the root of a document, in the spelling of the YAML text."""


class Severity(str, Enum):
    """How bad: `error` is rejected or breaks traffic, `warning` does not do what it says."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Region(msgspec.Struct, frozen=True, order=True):
    """A stretch of one line. Lines and columns are 1-based, the end is exclusive, columns count code points."""

    line: int
    column: int
    end_line: int
    end_column: int


class Part(str, Enum):
    """Which part of a field is meant: its value, its key (a collection value always means the key)."""

    VALUE = "value"
    KEY = "key"


class Spot(msgspec.Struct, frozen=True):
    """A place as plain data.

    `source` counts the sources of the run, `document` those of the source. `path` starts at the
    document's root (`("items", 0, "spec")` in a List). A path that does not exist means the
    nearest enclosing field that does. Where the scalar at `path` holds YAML of its own (mesh
    configuration in a ConfigMap), `inner` is the path in that text. `region` is given, in lines of
    the source's text, where the place is no field of a document: a syntax error, a comment.
    """

    source: int
    document: int
    path: Path = ()
    part: Part = Part.VALUE
    region: Region | None = None
    inner: Path | None = None


class Place(msgspec.Struct, frozen=True, eq=False):
    """A place as rules name it: an attribute of an object inside a resource.

    `path` holds attribute names in Python spelling, list indexes and keys of maps; `inner` is that of `Spot`.
    """

    resource: Resource
    object: Any = None
    path: Path = ()
    part: Part = Part.VALUE
    inner: Path | None = None

    def key(self) -> Place:
        """The key of this field instead of its value, for findings about the field as such."""
        return Place(self.resource, self.object, self.path, Part.KEY, self.inner)

    def within(self, *path: str | int) -> Place:
        """A place in the YAML that this field, a text, holds; `path` is spelled as it is written there."""
        return Place(self.resource, self.object, self.path, self.part, path)


def at(resource: Resource, object: Any = None, *path: str | int) -> Place:  # noqa: A002 - the word of the rule API
    """Name a place: `resource` owns it, `object` is a struct inside it, `path` leads on from there.

    Without `object` the resource itself is meant, that is its name. With `path` but without an
    object inside (`at(resource, None, "spec", "hosts", 0)`) the path starts at the resource.
    """
    return Place(resource, object, path)


class Edit(msgspec.Struct, frozen=True):
    """One change of a fix: give the field at `spot` another value, another key or another place, or remove it."""

    spot: Spot | Place
    action: str
    """`set` (new value), `rename` (new key), `remove`, or `move`: a scalar goes to a new path below the
    same object (`("mirrorPercentage", "value")`), of which nothing exists yet."""
    value: Any = None


class Fix(msgspec.Struct, frozen=True):
    """A safe correction: the only reading of what the author meant."""

    description: str
    edits: tuple[Edit, ...]


class Related(msgspec.Struct, frozen=True):
    """Another end of a finding: where it is and what it is (`the subset list is here`)."""

    spot: Spot | Place
    message: str


class Finding(msgspec.Struct, frozen=True, eq=False):
    """What a rule yields. `spot` is a `Spot` when the rule was given a problem, else a `Place`."""

    spot: Spot | Place
    message: str
    help: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    equivalents: tuple[str, ...] | None = None


Findings = Iterator[Finding]


def finding(
    place: Spot | Place,
    message: str,
    *,
    help: str | None = None,  # noqa: A002 - the word of the rule API
    related: Iterable[tuple[Spot | Place, str]] = (),
    fix: Fix | None = None,
    equivalents: tuple[str, ...] | None = None,
) -> Finding:
    """Say what is wrong at `place`.

    `message` is one sentence that names the value and what happens at run time; `help` says what
    to write instead; `related` names the other ends. `equivalents` narrows the rule's list of
    codes of other tools for this one finding.
    """
    ends = tuple(Related(spot, text) for spot, text in related)
    return Finding(place, message, help, ends, fix, equivalents)


class Identity(msgspec.Struct, frozen=True):
    """Which resource: as written, `namespace` is None where the document has none."""

    api_version: str
    kind: str
    namespace: str | None
    name: str


class RelatedResult(msgspec.Struct, frozen=True):
    """Another end of a result, as plain data."""

    spot: Spot
    message: str
    resource: Identity | None
    prefix: int = 0


class EditResult(msgspec.Struct, frozen=True):
    """One change of a fix, as plain data."""

    spot: Spot
    action: str
    value: Any = None


class FixResult(msgspec.Struct, frozen=True):
    """A fix, as plain data."""

    description: str
    edits: tuple[EditResult, ...]


class Result(msgspec.Struct, frozen=True):
    """A finding as plain data: what leaves the map step, what is settled, reported and cached."""

    rule: str
    name: str
    severity: Severity
    message: str
    help: str | None
    spot: Spot
    resource: Identity | None
    prefix: int = 0
    """How many steps of `spot.path` lead to the resource inside a List."""
    related: tuple[RelatedResult, ...] = ()
    fix: FixResult | None = None
    equivalents: tuple[str, ...] = ()
    hides: tuple[Path, ...] = ()
    """Paths of the document at or below which other rules say nothing: a schema problem explains it all."""
    suppressed: str | None = None
    """Why it is silenced in its file (`""`: no reason given), None for a finding that counts."""
