"""A tree of CEL to a Python closure.

Semantics are cel-go's as the API server sets it up: a rule that ends in an error counts as
broken; `&&`, `||`, `all` and `exists` absorb an error of one side if the other decides. Fields
are looked up in plain dicts: a missing one is an error, `has()` asks for presence.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from meshlint.schemas.cel.functions import FORMATS, FUNCTIONS, METHODS, CelError, equal
from meshlint.schemas.cel.parser import CelSyntaxError, Node, parse

Variables = Mapping[str, Any]
Evaluate = Callable[[Variables], Any]
Rule = Callable[[Any], bool]

_ERRORS = (CelError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


@cache
def compile_rule(text: str) -> Rule:
    """Compile to a predicate over `self`; CelSyntaxError if the text is none we can evaluate."""
    evaluate = _compile(parse(text))

    def holds(value: Any) -> bool:
        try:
            return evaluate({"self": value}) is True
        except _ERRORS:
            return False

    return holds


def _compile(node: Node) -> Evaluate:
    kind = node[0]
    build = _BUILDERS.get(kind)
    if build is not None:
        return build(*node[1:])
    return _operator(kind, node[1], node[2])


def _literal(value: Any) -> Evaluate:
    return lambda _: value


def _name(name: str) -> Evaluate:
    return lambda variables: variables[name]


def _select(target: Node, field: str) -> Evaluate:
    evaluate = _compile(target)
    return lambda variables: evaluate(variables)[field]


def _index(target: Node, index: Node) -> Evaluate:
    container, key = _compile(target), _compile(index)

    def evaluate(variables: Variables) -> Any:
        position = key(variables)
        if type(position) is int and position < 0:
            raise CelError("index out of range")
        return container(variables)[position]

    return evaluate


def _list(items: list[Node]) -> Evaluate:
    parts = [_compile(item) for item in items]
    return lambda variables: [part(variables) for part in parts]


def _map(pairs: list[tuple[Node, Node]]) -> Evaluate:
    parts = [(_compile(key), _compile(value)) for key, value in pairs]
    return lambda variables: {key(variables): value(variables) for key, value in parts}


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise CelError("no boolean")
    return value


def _not(operand: Node) -> Evaluate:
    evaluate = _compile(operand)
    return lambda variables: not _boolean(evaluate(variables))


def _negate(operand: Node) -> Evaluate:
    evaluate = _compile(operand)
    return lambda variables: -evaluate(variables)


def _if(condition: Node, then: Node, otherwise: Node) -> Evaluate:
    test, yes, no = _compile(condition), _compile(then), _compile(otherwise)
    return lambda variables: yes(variables) if _boolean(test(variables)) else no(variables)


def _either(left: Node, right: Node, decides: bool) -> Evaluate:
    """`||` (decided by true) and `&&` (decided by false): an error counts only if nothing decides."""
    first, second = _compile(left), _compile(right)

    def evaluate(variables: Variables) -> bool:
        try:
            if _boolean(first(variables)) is decides:
                return decides
        except _ERRORS:
            if _boolean(second(variables)) is decides:
                return decides
            raise
        return _boolean(second(variables))

    return evaluate


def _operator(operator: str, left: Node, right: Node) -> Evaluate:
    first, second = _compile(left), _compile(right)
    apply = _OPERATORS.get(operator)
    if apply is None:
        raise CelSyntaxError(f"unknown operator {operator!r}")
    if right[0] == "call" and right[1] == "duration" and right[2][0][0] == "literal":
        constant = second({})
        return lambda variables: apply(first(variables), constant)
    return lambda variables: apply(first(variables), second(variables))


def _contains(value: Any, container: Any) -> bool:
    if type(container) not in {list, dict}:
        raise CelError("no container")
    return any(equal(value, item) for item in container)


def _add(left: Any, right: Any) -> Any:
    if type(left) is bool or type(right) is bool:
        raise CelError("no number")
    return left + right


def _ordered(left: Any, right: Any) -> None:
    if type(left) is not type(right) and str in {type(left), type(right)}:
        raise CelError("no order")


def _less(left: Any, right: Any) -> bool:
    _ordered(left, right)
    return bool(left < right)


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _less,
    ">": lambda left, right: _less(right, left),
    "<=": lambda left, right: not _less(right, left),
    ">=": lambda left, right: not _less(left, right),
    "in": _contains,
    "+": _add,
    "-": lambda left, right: left - right,
}


def _call(name: str, arguments: list[Node]) -> Evaluate:
    if name == "has":
        return _has(arguments)
    function = FUNCTIONS.get(name)
    if function is None or len(arguments) != 1:
        raise CelSyntaxError(f"unknown function {name!r}")
    (argument,) = map(_compile, arguments)
    return lambda variables: function(argument(variables))


def _has(arguments: list[Node]) -> Evaluate:
    if len(arguments) != 1 or arguments[0][0] != "select":
        raise CelSyntaxError("has() needs a field")
    _, target, field = arguments[0]
    evaluate = _compile(target)

    def present(variables: Variables) -> bool:
        owner = evaluate(variables)
        if type(owner) is not dict:
            raise CelError("no object")
        return field in owner

    return present


def _method(target: Node, name: str, arguments: list[Node]) -> Evaluate:
    macro = _MACROS.get(name)
    if macro is not None and len(arguments) == 2 and arguments[0][0] == "name":
        return _iterate(_compile(target), arguments[0][1], _compile(arguments[1]), macro)
    if name == "validate" and target[0] == "method" and target[1] == ("name", "format"):
        return _format(target[2], arguments)
    method = METHODS.get(name)
    if method is None:
        raise CelSyntaxError(f"unknown method {name!r}")
    owner, parts = _compile(target), [_compile(argument) for argument in arguments]
    if not parts:
        return lambda variables: method(owner(variables))
    return lambda variables: method(owner(variables), *[part(variables) for part in parts])


def _format(name: str, arguments: list[Node]) -> Evaluate:
    """`format.dns1123Label().validate(text)`: null if valid, else a list of messages."""
    validate = FORMATS.get(name)
    if validate is None or len(arguments) != 1:
        raise CelSyntaxError(f"unknown format {name!r}")
    argument = _compile(arguments[0])
    return lambda variables: None if validate(argument(variables)) else ["invalid"]


Macro = Callable[[Any, Evaluate, dict[str, Any], str], Any]


def _iterate(target: Evaluate, variable: str, body: Evaluate, macro: Macro) -> Evaluate:
    def evaluate(variables: Variables) -> Any:
        items = target(variables)
        if type(items) not in {list, dict}:
            raise CelError("nothing to iterate over")
        return macro(items, body, dict(variables), variable)

    return evaluate


def _all(items: Any, body: Evaluate, variables: dict[str, Any], name: str) -> bool:
    return not _search(items, body, variables, name, wanted=False)


def _exists(items: Any, body: Evaluate, variables: dict[str, Any], name: str) -> bool:
    return _search(items, body, variables, name, wanted=True)


def _search(items: Any, body: Evaluate, variables: dict[str, Any], name: str, *, wanted: bool) -> bool:
    """Is there an item whose body is `wanted`? An error counts only if there is none."""
    failure: Exception | None = None
    for variables[name] in items:
        try:
            if _boolean(body(variables)) is wanted:
                return True
        except _ERRORS as error:
            failure = error
    if failure is not None:
        raise failure
    return False


def _exists_one(items: Any, body: Evaluate, variables: dict[str, Any], name: str) -> bool:
    return len(_filter(items, body, variables, name)) == 1


def _filter(items: Any, body: Evaluate, variables: dict[str, Any], name: str) -> list[Any]:
    return [item for variables[name] in items if _boolean(body(variables)) for item in (variables[name],)]


def _transform(items: Any, body: Evaluate, variables: dict[str, Any], name: str) -> list[Any]:
    return [body(variables) for variables[name] in items]


_MACROS: dict[str, Macro] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "filter": _filter,
    "map": _transform,
}

_BUILDERS: dict[str, Callable[..., Evaluate]] = {
    "literal": _literal,
    "name": _name,
    "select": _select,
    "index": _index,
    "list": _list,
    "map": _map,
    "not": _not,
    "negate": _negate,
    "if": _if,
    "or": lambda left, right: _either(left, right, decides=True),
    "and": lambda left, right: _either(left, right, decides=False),
    "call": _call,
    "method": _method,
}
