"""The gate: a schema as closures that say yes or no, built when a field is first seen.

Nothing here explains: a rejected document is rare, and explained by `explain.py`. A null where
none may be raises `NullFound` inside an object, since the API server drops such a field before it
checks: the caller prunes (`prepare.py`) and asks again.
"""

from collections.abc import Callable, Iterator
from typing import Any

from meshlint.schemas import golang
from meshlint.schemas.crd import Node
from meshlint.schemas.formats import FORMATS, INTEGER_FORMATS
from meshlint.schemas.pool import Pool, Ref

Check = Callable[[Any], bool]


class NullFound(Exception):
    """A field that is not nullable holds null."""


class Gate:
    """Compiles nodes of one pool; equal nodes share one closure."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._checks: dict[str, Check] = {}

    def check(self, ref: Ref) -> Check:
        """The closure of a node, compiled at most once for a node of the pool."""
        if type(ref) is not str:
            return self._compile(self._pool.node(ref), structural=True)
        found = self._checks.get(ref)
        if found is None:
            found = self._checks[ref] = self._compile(self._pool.node(ref), structural=True)
        return found

    def _compile(self, node: Node, *, structural: bool) -> Check:
        """`structural`: fields that the node does not name are refused; parts of a junctor are open."""
        check = _every(list(self._parts(node, structural)))
        return _or_null(check) if node.get("nullable") else check

    def _parts(self, node: Node, structural: bool) -> Iterator[Check]:
        kind = node.get("type")
        if kind == "object" or (kind is None and ("properties" in node or "required" in node)):
            yield self._object(node, structural)
        elif kind == "array":
            yield self._array(node)
        elif kind == "string":
            yield _text(node)
        elif kind in {"integer", "number"}:
            yield _number(node, whole=kind == "integer")
        elif kind == "boolean":
            yield _is_boolean
        elif node.get("x-kubernetes-int-or-string"):
            yield _is_integer_or_text
        elif structural:
            yield _is_something
        if "enum" in node and kind != "string":
            yield _one_of(node["enum"])
        if kind is None and "format" in node:
            yield _formatted(FORMATS.get(node["format"], _is_something))
        yield from self._junctors(node)
        for rule in node.get("x-kubernetes-validations", ()):
            yield from _rule(rule["rule"])

    def _junctors(self, node: Node) -> Iterator[Check]:
        if names := at_most_one(node):
            yield _at_most_one(names)
        elif "oneOf" in node:
            yield _exactly_one([self._compile(part, structural=False) for part in node["oneOf"]])
        if "anyOf" in node:
            yield _any_of([self._compile(part, structural=False) for part in node["anyOf"]])
        for part in node.get("allOf", ()):
            yield self._compile(part, structural=False)
        if "not" in node:
            refused = self._compile(node["not"], structural=False)
            yield lambda value: not refused(value)

    def _object(self, node: Node, structural: bool) -> Check:
        extra = node.get("additionalProperties")
        if extra is not None and not node.get("properties"):
            check = self._map(extra, structural)
        else:
            check = self._fields(node, structural)
        required = tuple(node.get("required", ()))
        if not required and "minProperties" not in node and "maxProperties" not in node:
            return check
        low, high = node.get("minProperties", 0), node.get("maxProperties", 1 << 62)

        def check_names(value: Any) -> bool:
            if type(value) is not dict:
                return True  # `check` has said what there is to say
            for name in required:
                if name not in value:
                    return False
            return bool(low <= len(value) <= high)

        return _every([check, check_names])

    def _map(self, each: Ref, structural: bool) -> Check:
        """An object with names of any kind, and no end of them."""

        def check(value: Any) -> bool:
            if type(value) is not dict:
                return not structural
            test = self.check(each)
            for item in value.values():
                if not test(item):
                    if item is None and structural:
                        raise NullFound
                    return False
            return True

        return check

    def _fields(self, node: Node, structural: bool) -> Check:
        """An object with fields, beside which there may be others."""
        properties: dict[str, Ref] = node.get("properties", {})
        extra = node.get("additionalProperties")
        is_open = not structural or node.get("x-kubernetes-preserve-unknown-fields", False)
        tests: dict[str, Check] = {}
        find = tests.get

        def build(name: str) -> Check:
            if name in properties:
                ref = properties[name]
                test = self.check(ref) if structural else self._compile(self._pool.node(ref), structural=False)
            elif extra is not None:
                return self.check(extra)  # not remembered: names of a map have no end
            elif is_open:
                return _accept
            else:
                return _refuse
            tests[name] = test
            return test

        def check(value: Any) -> bool:
            if type(value) is not dict:
                return not structural
            for name, item in value.items():
                if not (find(name) or build(name))(item):
                    if item is None and structural and (name in properties or extra is not None):
                        raise NullFound
                    return False
            return True

        return check

    def _array(self, node: Node) -> Check:
        item_check = self.check(node["items"]) if "items" in node else _accept
        low, high = node.get("minItems", 0), node.get("maxItems", 1 << 62)

        def check(value: Any) -> bool:
            if type(value) is not list:
                return False
            for item in value:  # noqa: SIM110 - a generator costs twice as much here
                if not item_check(item):
                    return False
            return True

        checks: list[Check] = [check]
        if "minItems" in node or "maxItems" in node:
            checks.append(lambda value: low <= len(value) <= high)
        keys = node.get("x-kubernetes-list-map-keys")
        if keys and node.get("x-kubernetes-list-type") == "map":
            checks.append(lambda value: not twins(value, keys))
        elif node.get("x-kubernetes-list-type") == "set" or node.get("uniqueItems"):
            checks.append(lambda value: not twins(value, None))
        return _every(checks)


def twins(items: list[Any], keys: list[str] | None) -> list[tuple[int, int]]:
    """Index pairs (first, later) of equal items, or of objects that are equal in the keys of a list-map."""
    seen: dict[str, int] = {}
    found = []
    for index, item in enumerate(items):
        if keys is not None and type(item) is not dict:
            continue
        identity = repr(item) if keys is None else repr([item.get(key) for key in keys])
        first = seen.setdefault(identity, index)
        if first != index:
            found.append((first, index))
    return found


def at_most_one(node: Node) -> tuple[str, ...] | None:
    """The names of the CRD idiom "none of these, or exactly one of them"; None for any other oneOf."""
    parts = node.get("oneOf")
    if not parts or set(parts[0]) != {"not"} or set(parts[0]["not"]) != {"anyOf"}:
        return None
    if parts[0]["not"]["anyOf"] != parts[1:]:
        return None
    names = tuple(part["required"][0] for part in parts[1:] if set(part) == {"required"} and len(part["required"]) == 1)
    return names if len(names) == len(parts) - 1 else None


def is_integer(value: Any) -> bool:
    """A whole number of 64 bits; a longer one becomes a float in Go, and is none."""
    return type(value) is int and golang.MIN_INT64 <= value <= golang.MAX_INT64


def is_number(value: Any) -> bool:
    """A number that JSON can hold: neither NaN nor infinite."""
    return type(value) is int or (type(value) is float and value - value == 0)


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_integer_or_text(value: Any) -> bool:
    return type(value) is str or is_integer(value)


def _is_something(value: Any) -> bool:
    return value is not None


def _accept(_: Any) -> bool:
    return True


def _refuse(_: Any) -> bool:
    return False


def _every(checks: list[Check]) -> Check:
    if not checks:
        return _accept
    if len(checks) == 1:
        return checks[0]
    if len(checks) == 2:
        first, second = checks
        return lambda value: first(value) and second(value)

    def check(value: Any) -> bool:
        for part in checks:  # noqa: SIM110 - a generator costs twice as much here
            if not part(value):
                return False
        return True

    return check


def _or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _one_of(values: list[Any]) -> Check:
    return lambda value: any(type(value) is type(other) and value == other for other in values)


def _formatted(is_valid: Callable[[str], bool]) -> Check:
    return lambda value: type(value) is not str or is_valid(value)


def _text(node: Node) -> Check:
    checks: list[Check] = []
    if "enum" in node:
        names = frozenset(item for item in node["enum"] if type(item) is str)
        checks.append(lambda value: value in names)
    if "minLength" in node or "maxLength" in node:
        low, high = node.get("minLength", 0), node.get("maxLength", 1 << 62)
        checks.append(lambda value: low <= len(value) <= high)
    if "pattern" in node and (compiled := golang.pattern(node["pattern"])) is not None:
        search = compiled.search
        checks.append(lambda value: search(value) is not None)
    if node.get("format") in FORMATS:
        checks.append(FORMATS[node["format"]])
    if not checks:
        return _is_text
    rest = _every(checks)
    return lambda value: type(value) is str and rest(value)


def _number(node: Node, *, whole: bool) -> Check:
    is_kind = is_integer if whole else is_number
    low, high = bounds(node)
    over, under = exclusive_bounds(node)
    multiple = node.get("multipleOf")
    if (low, high, over, under, multiple) == (None,) * 5:
        return is_kind

    def check(value: Any) -> bool:
        return (
            is_kind(value)
            and (low is None or value >= low)
            and (high is None or value <= high)
            and (over is None or value > over)
            and (under is None or value < under)
            and (multiple is None or value % multiple == 0)
        )

    return check


def bounds(node: Node) -> tuple[float | None, float | None]:
    """The smallest and the largest number that a node allows, those of its format included."""
    low, high = INTEGER_FORMATS.get(node.get("format", ""), (None, None))
    minimum = None if node.get("exclusiveMinimum") is True else node.get("minimum")
    maximum = None if node.get("exclusiveMaximum") is True else node.get("maximum")
    return (
        max((bound for bound in (low, minimum) if bound is not None), default=None),
        min((bound for bound in (high, maximum) if bound is not None), default=None),
    )


def exclusive_bounds(node: Node) -> tuple[float | None, float | None]:
    """The bounds that a number may not reach: OpenAPI has a flag, newer JSON Schema a number."""
    found = []
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        value = node.get(flag)
        found.append(node.get(bound) if value is True else None if isinstance(value, bool) else value)
    return found[0], found[1]


def _is_duration(value: Any) -> bool:
    """`duration(self) >= duration('1ms')`: two thirds of Istio's rules, and the only ones that most documents meet."""
    try:
        return golang.duration(value) >= 1_000_000
    except ValueError:
        return False


_NATIVE: dict[str, Check] = {"duration(self) >= duration('1ms')": _is_duration}
"""Rules that need no CEL, so that a plain VirtualService does not import it; see also `_rivals`."""


_BEFORE, _AFTER = "(has(self.", ") ? 1 : 0)"


def _rule(text: str) -> Iterator[Check]:
    if text in _NATIVE:
        yield _NATIVE[text]
        return
    rivals = _rivals(text)
    if rivals:
        yield _at_most_one(rivals)
        return
    from meshlint.schemas.cel import CelSyntaxError, compile_rule

    try:
        yield compile_rule(text)
    except CelSyntaxError:
        return  # a rule of a user's CRD that we cannot evaluate: silence


def _rivals(text: str) -> tuple[str, ...]:
    """The fields of a rule that says in its usual form that at most one of them may be there; else none.

    `(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1 : 0) <= 1`: nearly all that Gateways meet.
    """
    terms, _, limit = text.partition(" <= ")
    names = [term.removeprefix(_BEFORE).removesuffix(_AFTER) for term in terms.split(" + ")]
    is_usual = limit == "1" and terms == " + ".join(f"{_BEFORE}{name}{_AFTER}" for name in names)
    return tuple(names) if is_usual and all(name.isalnum() for name in names) else ()


def _at_most_one(names: tuple[str, ...]) -> Check:
    def check(value: Any) -> bool:
        count = 0
        for name in names:
            if name in value:
                count += 1
        return count < 2

    return check


def _exactly_one(checks: list[Check]) -> Check:
    return lambda value: sum(check(value) for check in checks) == 1


def _any_of(checks: list[Check]) -> Check:
    return lambda value: any(check(value) for check in checks)
