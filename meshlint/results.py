"""From what a rule yields to plain results: objects become paths, crashes become findings."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from meshlint.findings import (
    EditResult,
    Finding,
    Fix,
    FixResult,
    Identity,
    Part,
    Place,
    Region,
    RelatedResult,
    Result,
    Severity,
    Spot,
)
from meshlint.mesh.context import Origin
from meshlint.mesh.placeholders import is_placeholder
from meshlint.model.base import Resource
from meshlint.model.paths import spelled
from meshlint.problems import Problem
from meshlint.registry import Meta
from meshlint.ruleset import Bound

CRASHED = Meta(
    code="ML003",
    name="rule-crashed",
    severity=Severity.ERROR,
    since="0.1.0",
    summary="A rule failed with an exception; the other rules went on.",
    module="",
    file="input/rule_crashed",
    subjects=(),
    mesh=False,
    ignorable=False,
)

Owner = tuple[Identity | None, int]
"""The resource a spot belongs to, and how many steps of its path lead to it inside a List."""


def identity(resource: Resource) -> Identity:
    """The identity as written."""
    return Identity(resource.api_version, resource.kind, resource.namespace, resource.name)


def spot_of(place: Place, origin: Origin) -> Spot:
    """A place as plain data. Raises LookupError for an unknown attribute or a foreign object."""
    path = spelled(place.resource, place.object, place.path)
    if origin.base is None:
        return Spot(origin.source, origin.document, origin.prefix + path, place.part, inner=place.inner)
    if origin.inner is not None:
        return Spot(origin.source, origin.document, origin.prefix + origin.base, place.part, inner=origin.inner + path)
    return Spot(origin.source, origin.document, origin.prefix + origin.base + path, place.part)


def _is_unfilled(place: Place, spot: Spot) -> bool:
    """Whether the value there is still to be filled in, so that nobody knows what is true of it.

    In values of headers `%NAME%` is a variable of Envoy.
    """
    if not place.path or place.part is Part.KEY:
        return False
    value: object = place.resource if place.object is None else place.object
    for step in place.path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int):
            value = value[step] if isinstance(value, Sequence) and step < len(value) else None
        else:
            value = getattr(value, step, None)
    return isinstance(value, str) and is_placeholder(value) and not ("%" in value and "headers" in spot.path)


class Resolver:
    """Turns findings into results, given where each resource was written and who owns a spot."""

    def __init__(self, origin: Callable[[Resource], Origin], owner: Callable[[Spot], Owner]) -> None:
        self._origin = origin
        self._owner = owner

    def run(self, rules: Iterable[Bound], subject: object) -> list[Result]:
        """Every result of rules on one subject; an exception becomes one result more, and the others go on."""
        results: list[Result] = []
        for bound in rules:
            try:
                for found in bound.check(subject):
                    self._add(results, bound, found, subject)
            except Exception as error:  # noqa: BLE001 - see above
                results.append(self._crash(bound.meta, subject, error))
        return results

    def run_together(
        self, rules: Callable[[type[Resource]], Iterable[Bound]], resources: Iterable[Resource]
    ) -> list[tuple[int, list[Result]]]:
        """The results of many resources, found rule after rule: of each that has any, with its number, in order.

        A rule that goes over many resources of a kind at once takes a quarter less time than one that takes turns
        with all others: the processor has its code at hand, and up to `TOGETHER` of them the resources too.
        """
        by_kind: dict[type[Resource], list[tuple[int, Resource]]] = {}
        for number, resource in enumerate(resources):
            by_kind.setdefault(type(resource), []).append((number, resource))
        results: dict[int, list[Result]] = {}
        for kind, subjects in by_kind.items():
            for bound in rules(kind):
                self._run_over(bound, subjects, results)
        return sorted(results.items())

    def _run_over(self, bound: Bound, subjects: Iterable[tuple[int, object]], results: dict[int, list[Result]]) -> None:
        """Add the results of one rule on many numbered subjects to those of each; exceptions are as in `run`."""
        for number, subject in subjects:
            try:
                for found in bound.check(subject):
                    self._add(results.setdefault(number, []), bound, found, subject)
            except Exception as error:  # noqa: BLE001 - see above
                results.setdefault(number, []).append(self._crash(bound.meta, subject, error))

    def _add(self, results: list[Result], bound: Bound, found: Finding, subject: object) -> None:
        result = self._result(bound, found, subject)
        if not (isinstance(found.spot, Place) and _is_unfilled(found.spot, result.spot)):
            results.append(result)

    def _result(self, bound: Bound, found: Finding, subject: object) -> Result:
        spot, owner, prefix = self._locate(found.spot)
        related = tuple(
            RelatedResult(place, end.message, owned, steps)
            for end in found.related
            for place, owned, steps in (self._locate(end.spot),)
        )
        equivalents = bound.meta.equivalents if found.equivalents is None else found.equivalents
        return Result(
            rule=bound.meta.code,
            name=bound.meta.name,
            severity=bound.severity,
            message=found.message,
            help=found.help,
            spot=spot,
            resource=owner,
            prefix=prefix,
            related=related,
            fix=self._fix(found.fix),
            equivalents=equivalents,
            hides=_hidden(subject) if isinstance(subject, Problem) else (),
        )

    def _locate(self, place: Spot | Place) -> tuple[Spot, Identity | None, int]:
        if isinstance(place, Spot):
            return place, *self._owner(place)
        origin = self._origin(place.resource)
        return spot_of(place, origin), identity(place.resource), len(origin.prefix)

    def _fix(self, fix: Fix | None) -> FixResult | None:
        if fix is None:
            return None
        edits = (EditResult(self._locate(edit.spot)[0], edit.action, edit.value) for edit in fix.edits)
        return FixResult(fix.description, tuple(edits))

    def _crash(self, meta: Meta, subject: object, error: Exception) -> Result:
        what = "the mesh"
        spot, owner, prefix = Spot(-1, 0), None, 0
        if isinstance(subject, Resource):
            what = f"{subject.kind} {subject.name}"
            spot, owner, prefix = self._locate(Place(subject))
        elif isinstance(subject, Problem):
            what = type(subject).__name__
            spot, owner, prefix = self._locate(subject.spot)
        return _crashed(
            f"rule {meta.code} ({meta.name}) failed on {what}: {words(error)}",
            f"please report this; `--ignore {meta.code}` leaves the rule out until then",
            spot,
            owner,
            prefix,
        )


def crash_of(path: str, source: int, reason: str) -> Result:
    """The result of meshlint failing on a whole source."""
    spot = Spot(source, 0, region=Region(1, 1, 1, 2))
    return _crashed(f"meshlint failed on {path}: {reason}", "please report this with the file", spot, None, 0)


def lost(message: str) -> Result:
    """The result of a process that died while it judged what many files say together."""
    return _crashed(message, "please report this; `--jobs 1` does without other processes", Spot(-1, 0), None, 0)


def _crashed(message: str, advice: str, spot: Spot, owner: Identity | None, prefix: int) -> Result:
    return Result(CRASHED.code, CRASHED.name, CRASHED.severity, message, advice, spot, owner, prefix)


def words(error: Exception) -> str:
    """An exception in a message."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _hidden(problem: Problem) -> tuple[tuple[str | int, ...], ...]:
    """Where other rules have nothing to add, since the schema already refuses what is there."""
    from meshlint.problems import BrokenConstraint, DeprecatedField, DeprecatedVersion, MissingField, SchemaProblem

    if not isinstance(problem, SchemaProblem) or isinstance(problem, DeprecatedField | DeprecatedVersion):
        return ()
    path = problem.spot.path + (problem.spot.inner or ())
    if isinstance(problem, MissingField):
        return ((*path, problem.name),)
    if isinstance(problem, BrokenConstraint) and problem.names:
        holder = path[:-1] if path and path[-1] in problem.names else path  # the spot may be one of the fields
        return tuple((*holder, name) for name in problem.names)
    return (path,)


def rebased(problem: Problem, source: int, document: int, prefix: tuple[str | int, ...]) -> Problem:
    """The problem with its spots in this source and document, inside a List at `prefix`."""
    changes = {}
    for field in problem.__struct_fields__:
        spot = getattr(problem, field)
        if isinstance(spot, Spot):
            changes[field] = msgspec.structs.replace(
                spot, source=source, document=document if document >= 0 else spot.document, path=prefix + spot.path
            )
    return msgspec.structs.replace(problem, **changes)
