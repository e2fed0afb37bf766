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
    reader: str = "Kubernetes"
    """Who reads the text: `istiod` for that of mesh configuration inside a ConfigMap."""


class NoMapping(Problem, frozen=True, kw_only=True):
    """Text of mesh configuration that is YAML, but no mapping; `kind` is MeshConfig or MeshNetworks."""

    kind: str
    value: Any


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


class SuppressionProblem(Problem, frozen=True, kw_only=True):
    """Base of what is wrong with a suppression; `word` is the code or name that it holds, `spot` where that stands."""

    word: str


class UnusedSuppression(SuppressionProblem, frozen=True, kw_only=True):
    """A suppression that silences nothing; `locked` where it only would, if its rule could be silenced."""

    locked: bool


class UnknownSuppression(SuppressionProblem, frozen=True, kw_only=True):
    """A suppression of no known rule; `word` is `""` where the text has not the form of one at all."""

    nearest: str | None


class SuppressionWithoutReason(SuppressionProblem, frozen=True, kw_only=True):
    """A suppression that does not say why."""


class SchemaProblem(Problem, frozen=True, kw_only=True):
    """Base of what the schemas have to say of a kind. `field` reads `spec.http[0].timeout`."""

    api_version: str
    kind: str
    field: str


class UnknownField(SchemaProblem, frozen=True, kw_only=True):
    """A key that the schema does not know: the API server refuses it, or drops it silently.

    `spot` is the key. `nearest` is the legal sibling it may be a slip of, and `fits` says whether
    its value would be legal there; `elsewhere` are dotted paths of the kind (`spec.http[].timeout`)
    where a field of that name is legal, the closest first; `known` are the legal siblings.
    `experimental` says that the field is of the channel that the target leaves out.
    """

    name: str
    nearest: str | None
    fits: bool
    elsewhere: tuple[str, ...]
    known: tuple[str, ...]
    experimental: bool = False


class UnknownSetting(SchemaProblem, frozen=True, kw_only=True):
    """A key of mesh config or mesh networks that istiod does not know, and so ignores; `spot` is the key.

    With `kind` IstioOperator, one that `istioctl` does not know, and so refuses. `nearest` is the field of the same object that it may be a slip of, `elsewhere` (`defaultConfig.concurrency`)
    where else in mesh config a field of that name is; `known` are the fields of the object.
    """

    name: str
    nearest: str | None
    elsewhere: str | None
    known: tuple[str, ...]


class WrongValue(SchemaProblem, frozen=True, kw_only=True):
    """A value of the wrong type, outside an enum, a bound, a pattern or a format.

    `expected` reads on from "expected": `a whole number`, `one of STRICT, PERMISSIVE`. `keyword`
    is that of the schema (`type`, `enum`, `minimum`, `pattern`, ...). `nearest` is the legal value
    that was probably meant, as it should be written in YAML. `written` is a number or boolean as its
    text has it. `since` is set where a release after the target takes the value. `help` says how to
    come to what is expected, where that is no plain replacement.
    """

    value: Any
    expected: str
    keyword: str
    nearest: str | None = None
    written: str | None = None
    since: str | None = None
    help: str | None = None


class MissingField(SchemaProblem, frozen=True, kw_only=True):
    """An object without a required field; `spot` is the object that lacks it, `field` too."""

    name: str


class BrokenConstraint(SchemaProblem, frozen=True, kw_only=True):
    """A constraint over several fields: at most one of, CEL, duplicate list-map keys.

    `constraint` is its name (`one-target`, `at-most-one`, `duplicate-item`; `schema` where nothing
    better can be said), `message` a sentence of our own, `names` the fields that clash, `value` the one
    that breaks it where it is one alone.
    """

    constraint: str
    message: str
    help: str | None = None
    names: tuple[str, ...] = ()
    value: Any = None


class UnservedVersion(SchemaProblem, frozen=True, kw_only=True):
    """A kind or apiVersion that the target release does not serve; `spot` is `apiVersion`.

    `target` reads `Istio 1.24`, and is `""` for a kind of a CRD that the user brings. `served` are
    the apiVersions of the kind that the target serves.
    `since` is the first release that serves the one written, `until` the last; both are None for
    one that never was. `replacement` (`gateway.networking.k8s.io/v1 ListenerSet`) is another kind
    to use where the kind itself is gone. `experimental` says that it is of the channel that the
    target leaves out.
    """

    target: str
    served: tuple[str, ...]
    since: str | None
    until: str | None
    replacement: str | None = None
    experimental: bool = False


class UnknownKind(SchemaProblem, frozen=True, kw_only=True):
    """A kind that no release knows, in an API group of which the schemas know every kind.

    `nearest` (`networking.istio.io/v1 VirtualService`) is what may have been meant. `spot` is `kind`;
    it is `apiVersion`, and `target` is `""`, where the group itself is a slip.
    """

    target: str
    nearest: str | None


class GoneKind(SchemaProblem, frozen=True, kw_only=True):
    """A kind of a release before all supported ones; `gone` is the first release without it.

    `replacement` names the kinds to use now; None where nothing does the same. `spot` is `kind`.
    """

    gone: str
    replacement: str | None


class NewerField(SchemaProblem, frozen=True, kw_only=True):
    """A field that exists, but only in releases from `since` on, after the target; `spot` is the key."""

    name: str
    target: str
    since: str


class DeprecatedVersion(SchemaProblem, frozen=True, kw_only=True):
    """A served apiVersion that is deprecated; `replacement` is the apiVersion to use, `spot` is `apiVersion`.

    `same_schema` says that what is valid in one is valid in the other, and means the same.
    """

    target: str
    replacement: str
    same_schema: bool


class DeprecatedField(SchemaProblem, frozen=True, kw_only=True):
    """A field, or with `value` a value of it, that is legal but should no longer be used.

    `status` says why: `deprecated` (its authors say so), `unimplemented` (documented as without
    effect) or `superseded` (works as ever, but another field does more; worth saying only to who
    asks). `since` is the release that said so, None where that is before all records.
    `replacement` is the field to use now, relative to the same object as `name`; None where there
    is none. `read` tells whether istiod still acts on it (None: our sources do not say), `note` what
    else there is to know.
    """

    name: str
    value: str | None
    status: str
    since: str | None
    replacement: str | None
    read: bool | None
    note: str
