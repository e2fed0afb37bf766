"""What reader, gate and engine report, as typed values.

A problem is a fact, not a finding: it has no code, severity or page. Rules subscribe to problems
as they do to kinds (`def check(problem: UnknownField) -> Findings`), so what is said about a
problem is one rule file like any other. Every problem has a `spot`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from meshlint.findings import Spot


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all problems; `spot` is where it is."""

    spot: Spot


class SyntaxProblem(Problem, frozen=True, kw_only=True):
    """Text that is no YAML (or no UTF-8, or beyond a limit of the reader)."""

    message: str
    help: str | None = None


class DuplicateKey(Problem, frozen=True, kw_only=True):
    """A mapping that holds a key twice; `spot` is the later one, which wins in Kubernetes."""

    key: str
    first: Spot


class DuplicateResource(Problem, frozen=True, kw_only=True):
    """A source that holds one resource twice; `spot` is the later one, which wins."""

    kind: str
    namespace: str
    name: str
    first: Spot


class SchemaProblem(Problem, frozen=True, kw_only=True):
    """Base of what the schema of a kind refuses. `field` reads `spec.http[0].timeout`."""

    api_version: str
    kind: str
    field: str


class UnknownField(SchemaProblem, frozen=True, kw_only=True):
    """A key that the schema does not know: the API server drops it silently.

    `nearest` is the legal sibling it may be a slip of; `elsewhere` are dotted paths of the kind
    (`spec.http[].timeout`) where a field of that name is legal; `known` are the legal siblings.
    """

    name: str
    nearest: str | None
    elsewhere: tuple[str, ...]
    known: tuple[str, ...]


class WrongValue(SchemaProblem, frozen=True, kw_only=True):
    """A value of the wrong type, outside an enum, a bound, a pattern or a format.

    `expected` reads on from "expected": `a whole number`, `one of STRICT, PERMISSIVE`. `nearest`
    is the legal value that was probably meant, as it should be written.
    """

    value: Any
    expected: str
    keyword: str
    nearest: str | None = None


class MissingField(SchemaProblem, frozen=True, kw_only=True):
    """An object without a required field; `spot` is the object that lacks it."""

    name: str


class BrokenConstraint(SchemaProblem, frozen=True, kw_only=True):
    """A constraint over several fields: at most one of, CEL, duplicate list-map keys."""

    constraint: str
    message: str
    help: str | None = None
    names: tuple[str, ...] = ()


class UnservedVersion(SchemaProblem, frozen=True, kw_only=True):
    """An apiVersion that the target release does not serve."""

    target: str
    served: tuple[str, ...]
    since: str | None
    until: str | None


class NewerField(SchemaProblem, frozen=True, kw_only=True):
    """A field that exists, but only in releases after the target."""

    name: str
    target: str
    since: str
