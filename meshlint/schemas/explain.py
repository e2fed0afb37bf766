"""Why a document was refused: problems with a place and words, one for each cause."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from meshlint.findings import Part, Path, Spot
from meshlint.problems import (
    BrokenConstraint,
    DeprecatedField,
    DeprecatedVersion,
    GoneKind,
    MissingField,
    NewerField,
    SchemaProblem,
    UnknownField,
    UnknownKind,
    UnservedVersion,
    WrongValue,
)
from meshlint.schemas import deprecations, gone, history, slips
from meshlint.schemas.catalog import PROJECTS, Catalog, Entry
from meshlint.schemas.words import dotted, listed, nearest, shown

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

TITLES = {"istio": "Istio", "gateway-api": "Gateway API"}


def explain(catalog: Catalog, data: dict[str, Any]) -> list[SchemaProblem]:
    """The problems of a document that the gate refused; never empty."""
    entry = catalog.entry(data["apiVersion"], data["kind"])
    if entry is None:
        return [_no_entry(catalog, data["apiVersion"], data["kind"])]
    try:
        found = list(Explanation(catalog, entry, data).problems())
    except RecursionError:
        found = []
    return found or [_general(data)]


def _common(data: dict[str, Any], path: Path, part: Part = Part.VALUE) -> dict[str, Any]:
    return {
        "spot": Spot(0, 0, path, part),
        "api_version": data.get("apiVersion", ""),  # Helm values have neither
        "kind": data.get("kind", ""),
        "field": dotted(path),
    }


def _general(data: dict[str, Any]) -> SchemaProblem:
    return BrokenConstraint(
        **_common(data, ("spec",) if "spec" in data else ()),
        constraint="schema",
        message=f"the API server refuses this {data['kind']}, since it does not fit its schema",
    )


def _no_entry(catalog: Catalog, api_version: str, kind: str) -> SchemaProblem:
    """A kind and version that the target does not serve."""
    group = api_version.partition("/")[0]
    data = {"apiVersion": api_version, "kind": kind}
    project = PROJECTS.get(group)
    target = f"{TITLES[project]} {catalog.target.of(project)}" if project else ""
    past = gone.gone(api_version, kind)
    if past is not None:
        return GoneKind(**_common(data, ("kind",)), gone=past.release, replacement=past.replacement)
    users = catalog.users_versions(api_version, kind)
    if users:
        return UnservedVersion(**_common(data, ("apiVersion",)), target="", served=users, since=None, until=None)
    if slips.is_slip(api_version, kind):
        return UnknownKind(**_common(data, ("apiVersion",)), target="", nearest=_meant(catalog, api_version, kind))
    served = catalog.known(api_version, kind)
    since, until = history.served(catalog, project or "", api_version, kind)
    if served is None and not history.is_known(catalog, project or "", f"{group}/{kind}"):
        return UnknownKind(**_common(data, ("kind",)), target=target, nearest=history.nearest_kind(catalog, kind))
    return UnservedVersion(
        **_common(data, ("apiVersion",)),
        target=target,
        served=tuple(f"{group}/{version}" for version in served.versions) if served else (),
        since=since,
        until=until,
        replacement=gone.SUCCESSORS.get(f"{group}/{kind}") if served is None and until is not None else None,
        experimental=history.is_experimental(catalog, api_version, kind),
    )


def _meant(catalog: Catalog, api_version: str, kind: str) -> str | None:
    """What was meant by a kind whose group is a slip: of the nearest group, in the version written if it is served."""
    version = api_version.rpartition("/")[2]
    found = slips.operator(api_version, kind) or history.kind_of(catalog, slips.meant_group(api_version), kind)
    found = found or history.nearest_kind(catalog, kind)
    if found is None:
        return None
    meant, _, name = found.partition(" ")
    known = catalog.known(meant, name)
    return f"{meant.partition('/')[0]}/{version} {name}" if known and version in known.versions else found


def deprecated(
    catalog: Catalog,
    data: dict[str, Any],
    replacement: str | None,
    fields: Iterable[tuple[Path, deprecations.Deprecation]],
) -> list[SchemaProblem]:
    """The problems for a deprecated version (`replacement`) and deprecated fields (paths below `spec`)."""
    found: list[SchemaProblem] = []
    if replacement:
        group, _, version = data["apiVersion"].partition("/")
        project = PROJECTS[group]
        refs = catalog.release(project)[f"{group}/{data['kind']}"].versions
        found.append(
            DeprecatedVersion(
                **_common(data, ("apiVersion",)),
                target=f"{TITLES[project]} {catalog.target.of(project)}",
                replacement=f"{group}/{replacement}",
                same_schema=refs[version] == refs[replacement],
            )
        )
    return found + [deprecated_field(data, ("spec", *path), deprecation) for path, deprecation in fields]


def deprecated_field(data: dict[str, Any], path: Path, found: deprecations.Deprecation) -> DeprecatedField:
    """The problem for one deprecated field of a resource; `path` starts at the document's root."""
    return DeprecatedField(
        **_common(data, path, Part.KEY if found.value is None else Part.VALUE),
        name=str(path[-1]),
        value=found.value,
        status=found.status,
        since=found.since,
        replacement=found.replacement,
        read=found.read,
        note=found.note,
    )


_OTHER_SELECTOR = {"matchLabels": "labels", "labels": "matchLabels"}
"""Istio's selectors have the one or the other, by kind."""


class Explanation:
    """The errors of one document, turned into problems."""

    def __init__(self, catalog: Catalog, entry: Entry, data: dict[str, Any]) -> None:
        from meshlint.schemas.prepare import prepare

        self.catalog = catalog
        self.entry = entry
        self.data = data
        self.prepared = data if entry.is_json_schema else prepare(entry.pool, entry.ref, data)

    def problems(self) -> Iterator[SchemaProblem]:
        """One problem a cause, in no particular order."""
        from meshlint.schemas import keywords

        if self.entry.is_json_schema:
            validator = keywords.json_schema_validator(self.entry.pool.node(self.entry.ref))
            found = list(validator.iter_errors(self.prepared))
        else:
            found = keywords.errors(keywords.expanded(self.entry), self.prepared)
        slips = {slip for error in found if (slip := self._slip(error)) is not None}
        seen: set[tuple[Any, ...]] = set()
        for error in _one_a_place(found):
            if error.validator == "required" and (tuple(error.absolute_path), error.message) in slips:
                continue  # the field is there, misspelt: the unknown field says it all
            problem = self._problem(error)
            key = (type(problem), problem.spot, getattr(problem, "name", getattr(problem, "constraint", None)))
            if key not in seen:
                seen.add(key)
                yield problem

    def _slip(self, error: "ValidationError") -> tuple[Path, str] | None:
        """The place and the name that an unknown field was meant to be."""
        if error.validator != "unknownFields":
            return None
        path = tuple(error.absolute_path)
        meant = _sibling(str(path[-1]), self._free(error))
        return (path[:-1], meant) if meant else None

    def _free(self, error: "ValidationError") -> list[str]:
        """The legal siblings of an unknown field that are not set yet."""
        return [name for name in error.validator_value if name not in error.instance]

    def _problem(self, error: "ValidationError") -> SchemaProblem:
        path = tuple(error.absolute_path)
        keyword = error.validator
        if keyword == "unknownFields":
            return self._unknown(error, path)
        if keyword == "required":
            return MissingField(**self._at(path), name=error.message)
        if keyword == "atMostOne":
            return self._clash(path, error)
        if keyword in {"x-kubernetes-list-type", "uniqueItems"}:
            return self._twin(path, error)
        if keyword == "x-kubernetes-validations":
            return self._rule(path, error)
        if keyword in {"oneOf", "anyOf", "not", "allOf"}:
            return self._alternatives(path, error)
        return self._value(path, error)

    def _at(self, path: Path, part: Part = Part.VALUE) -> dict[str, Any]:
        return _common(self.data, path, part)

    def _unknown(self, error: "ValidationError", path: Path) -> SchemaProblem:
        name = str(path[-1])
        since = history.field_since(self.catalog, self.entry, path)
        if since is not None:
            project = PROJECTS[self.entry.api_version.partition("/")[0]]
            target = f"{TITLES[project]} {self.catalog.target.of(project)}"
            return NewerField(**self._at(path, Part.KEY), name=name, target=target, since=since)
        meant = _sibling(name, self._free(error))
        return UnknownField(
            **self._at(path, Part.KEY),
            name=name,
            nearest=meant,
            fits=meant is not None and self.catalog.fits(self.entry, (*path[:-1], meant), error.instance[path[-1]]),
            elsewhere=history.elsewhere(self.entry, name, path),
            known=tuple(error.validator_value),
            experimental=history.is_experimental(self.catalog, self.entry.api_version, self.entry.kind, path),
        )

    def _value(self, path: Path, error: "ValidationError") -> WrongValue:
        from meshlint.schemas.values import judge

        verdict = judge(error)
        since = history.value_since(self.catalog, self.entry, path, error.instance) if verdict.is_enum else None
        return WrongValue(
            **self._at(path),
            value=error.instance,
            expected=verdict.expected,
            keyword=verdict.keyword,
            nearest=verdict.nearest,
            since=since,
            help=verdict.help,
        )

    def _clash(self, path: Path, error: "ValidationError") -> BrokenConstraint:
        present = tuple(name for name in error.instance if name in error.validator_value)
        return self._at_most_one(path, "at-most-one", present, error.validator_value, "", None)

    def _at_most_one(
        self,
        path: Path,
        constraint: str,
        present: tuple[str, ...],
        names: Iterable[str],
        reason: str,
        advice: str | None,
    ) -> BrokenConstraint:
        clash = listed(present, "and")
        beginning = f"{reason}: " if reason else ""
        return BrokenConstraint(
            **self._at((*path, present[-1]), Part.KEY),
            constraint=constraint,
            message=f"{beginning}{clash} are set, but only one of {listed(names)} may be",
            help=advice or f"keep one of {listed(present)}",
            names=present,
        )

    def _twin(self, path: Path, error: "ValidationError") -> BrokenConstraint:
        keys = error.schema.get("x-kubernetes-list-map-keys") if error.validator_value == "map" else None
        item = error.instance[path[-1]]
        where = f"item {path[-1]} repeats item {error.message}"
        if keys:
            same = ", ".join(f"`{key}: {shown(item.get(key))}`" for key in keys if key in item)
            message = f"{where}: {same} may occur once in this list"
            inside = next((key for key in keys if key in item), None)
            path = (*path, inside) if inside else path
        else:
            message = f"{where}: `{shown(item)}` may occur once in this list"
        return BrokenConstraint(
            **self._at(path),
            constraint="duplicate-item",
            message=message,
            help="remove one of them",
            names=tuple(keys or ()),
        )

    def _rule(self, path: Path, error: "ValidationError") -> BrokenConstraint:
        from meshlint.schemas.constraints import by_name

        rule = next(rule for rule in error.validator_value if rule["rule"] == error.message)
        constraint = by_name().get(rule.get("name", ""))
        if constraint is None:  # a rule of a user's CRD
            return BrokenConstraint(**self._at(path), constraint="rule", message=rule.get("message", rule["rule"]))
        if constraint.names:
            present = tuple(name for name in error.instance if name in constraint.names)
            return self._at_most_one(
                path, constraint.name, present, constraint.names, constraint.message, constraint.help
            )
        steps, value = _culprit(rule["rule"], error) or _down(error.instance, constraint.field)
        return BrokenConstraint(
            **self._at(
                path + steps, Part.KEY if isinstance(error.instance, dict) and not constraint.field else Part.VALUE
            ),
            constraint=constraint.name,
            message=constraint.message.format(value=shown(value)),
            help=constraint.help,
            names=(constraint.field,) if steps and constraint.field else (),
            value=value,
        )

    def _alternatives(self, path: Path, error: "ValidationError") -> BrokenConstraint:
        instance = error.instance
        if "ipv4" in str(error.validator_value) and isinstance(instance, dict) and "value" in instance:
            return BrokenConstraint(
                **self._at((*path, "value")),
                constraint="address-ip",
                message=f"`{shown(instance['value'])}` is no IP address, which an address of `type: IPAddress` must be",
                help="write an IPv4 or IPv6 address, or set `type: Hostname`",
                names=("value",),
            )
        from meshlint.schemas.values import alternatives

        return BrokenConstraint(**self._at(path), constraint=str(error.validator), message=alternatives(error))


def _culprit(text: str, error: "ValidationError") -> tuple[Path, Any] | None:
    """The item of a list, or the key of a map, that breaks a rule over all of them.

    Such a rule, once broken by the first items, stays so: the last of the shortest broken
    beginning is to blame, and is found by halving.
    """
    from meshlint.schemas.cel import compile_rule

    instance, holds = error.instance, compile_rule(text)
    if isinstance(instance, list):
        steps: list[Any] = list(range(len(instance)))
    elif isinstance(instance, dict) and "additionalProperties" in error.schema:
        steps = list(instance)
    else:
        return None
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        beginning = steps[: middle + 1]
        part = instance[: middle + 1] if isinstance(instance, list) else {key: instance[key] for key in beginning}
        low, high = (middle + 1, high) if holds(part) else (low, middle)
    if not steps:
        return None
    return (steps[low],), instance[low] if isinstance(instance, list) else steps[low]


def _down(instance: Any, field: str) -> tuple[Path, Any]:
    """Follow dotted steps as far as they exist."""
    steps: list[str] = []
    for step in field.split(".") if field else ():
        if not isinstance(instance, dict) or step not in instance:
            break
        steps.append(step)
        instance = instance[step]
    return tuple(steps), instance


_RANK = {
    "type": 0,
    "x-kubernetes-int-or-string": 0,
    "noNull": 0,
    "enum": 1,
    "minLength": 2,
    "maxLength": 3,
    "pattern": 4,
}
_MANY = {"required", "unknownFields", "x-kubernetes-validations", "atMostOne", "x-kubernetes-list-type", "uniqueItems"}


def _one_a_place(errors: "list[ValidationError]") -> "Iterator[ValidationError]":
    """Of several errors about one value the plainest; those about different fields of it all stay."""
    plain: dict[Path, ValidationError] = {}
    for error in errors:
        if error.validator not in _MANY:
            path = tuple(error.absolute_path)
            known = plain.get(path)
            if known is None or _RANK.get(str(error.validator), 9) < _RANK.get(str(known.validator), 9):
                plain[path] = error
    chosen = {id(error) for error in plain.values()}
    yield from (error for error in errors if error.validator in _MANY or id(error) in chosen)


def _sibling(name: str, free: Sequence[str]) -> str | None:
    """The legal field that an unknown one was meant to be."""
    other = _OTHER_SELECTOR.get(name)
    return other if other in free else nearest(name, free)
