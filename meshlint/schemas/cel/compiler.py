"""A tree of CEL to a Python function.

A rule becomes one Python expression: that runs several times faster than closures, and rules are
most of what a document of the Gateway API costs. Only literals (by `repr`), names of variables
(prefixed) and the helpers of this package go into the expression, so no text of a rule is ever run.

Semantics are cel-go's as the API server sets it up: a rule that ends in an error counts as
broken; `&&`, `||`, `all` and `exists` absorb an error of one operand if another decides. Python
does not, so each rule has two forms: the plain one is run first, and where that ends in an error,
the exact one decides. Without an error both agree, since Python's operators also stop at the first
operand that decides. Rules are type-checked when a CRD is installed; we need not check again.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from meshlint.schemas import golang
from meshlint.schemas.cel import functions
from meshlint.schemas.cel.parser import CelSyntaxError, Node, parse

Rule = Callable[[Any], bool]

_ERRORS = (functions.CelError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, NameError)


@cache
def compile_rule(text: str) -> Rule:
    """Compile to a predicate over `self`; CelSyntaxError if the text is none we can evaluate."""
    tree = parse(text)
    plain = _Source(exact=False).function(tree)

    def holds(value: Any) -> bool:
        try:
            return plain(value) is True
        except _ERRORS:
            return _holds_exactly(text, value)

    return holds


def _holds_exactly(text: str, value: Any) -> bool:
    try:
        return _exact(text)(value) is True
    except _ERRORS:
        return False


@cache
def _exact(text: str) -> Rule:
    return _Source(exact=True).function(parse(text))


class _Source:
    """Writes one rule as a Python expression; `names` holds what the expression may refer to."""

    def __init__(self, *, exact: bool) -> None:
        self.exact = exact
        self.names: dict[str, Any] = {"__builtins__": {}, **functions.HELPERS}
        if exact:
            self.names |= {"_and": _and, "_or": _or, "all": _all, "any": _any}

    def function(self, tree: Node) -> Rule:
        try:
            code = compile(f"lambda v_self: {self.of(tree)}", "<rule>", "eval")
        except (RecursionError, MemoryError, SyntaxError) as error:
            raise CelSyntaxError("nested too deeply") from error
        return eval(code, self.names)  # type: ignore[no-any-return]  # noqa: S307 - see the head of this module

    def of(self, node: Node) -> str:
        write: Callable[..., str] | None = getattr(self, f"_{node[0]}", None)
        return write(*node[1:]) if write is not None else self._operator(*node)

    def constant(self, value: Any) -> str:
        """A name for a value that has no literal."""
        name = f"c{len(self.names)}"
        self.names[name] = value
        return name

    def _literal(self, value: Any) -> str:
        return repr(value)

    def _name(self, name: str) -> str:
        return f"v_{name}"

    def _select(self, target: Node, field: str) -> str:
        return f"{self.of(target)}[{field!r}]"

    def _index(self, target: Node, index: Node) -> str:
        if index[0] == "literal" and isinstance(index[1], int):
            return f"{self.of(target)}[{index[1]}]"
        return f"_index({self.of(target)}, {self.of(index)})"

    def _list(self, items: list[Node]) -> str:
        return f"[{', '.join(map(self.of, items))}]"

    def _map(self, pairs: list[tuple[Node, Node]]) -> str:
        return "{" + ", ".join(f"{self.of(key)}: {self.of(value)}" for key, value in pairs) + "}"

    def _not(self, operand: Node) -> str:
        return f"(not {self.of(operand)})"

    def _negate(self, operand: Node) -> str:
        return f"(-{self.of(operand)})"

    def _if(self, condition: Node, then: Node, otherwise: Node) -> str:
        return f"({self.of(then)} if {self.of(condition)} else {self.of(otherwise)})"

    def _and(self, left: Node, right: Node) -> str:
        return self._either("and", left, right)

    def _or(self, left: Node, right: Node) -> str:
        return self._either("or", left, right)

    def _either(self, word: str, left: Node, right: Node) -> str:
        if self.exact:
            return f"_{word}(lambda: {self.of(left)}, lambda: {self.of(right)})"
        return f"({self.of(left)} {word} {self.of(right)})"

    def _operator(self, operator: str, left: Node, right: Node) -> str:
        if operator not in {"==", "!=", "<", "<=", ">", ">=", "in", "+", "-"}:
            raise CelSyntaxError(f"unknown operator {operator!r}")
        return f"({self.of(left)} {operator} {self.of(right)})"

    def _call(self, name: str, arguments: list[Node]) -> str:
        if name == "has":
            if len(arguments) != 1 or arguments[0][0] != "select":
                raise CelSyntaxError("has() needs a field")
            return f"({arguments[0][2]!r} in {self.of(arguments[0][1])})"
        function = functions.FUNCTIONS.get(name)
        if function is None or len(arguments) != 1:
            raise CelSyntaxError(f"unknown function {name!r}")
        if name == "duration" and arguments[0][0] == "literal":
            return repr(golang.duration(arguments[0][1]))
        return f"{function}({self.of(arguments[0])})"

    def _method(self, target: Node, name: str, arguments: list[Node]) -> str:
        macro = _MACROS.get(name)
        if macro is not None and len(arguments) == 2 and arguments[0][0] == "name":
            variable, body = self.of(arguments[0]), self.of(arguments[1])
            if self.exact and name in {"all", "exists"}:
                body = f"(lambda {variable}={variable}: {body})"  # run one by one, to absorb errors
            return macro.format(items=self.of(target), variable=variable, body=body)
        if name == "validate" and target[0] == "method" and target[1] == ("name", "format"):
            return self._format(target[2], arguments)
        if name == "matches" and len(arguments) == 1 and arguments[0][0] == "literal":
            return self._matches(target, arguments[0][1])
        method = functions.METHODS.get(name)
        if method is None:
            raise CelSyntaxError(f"unknown method {name!r}")
        return method.format(self.of(target), ", ".join(map(self.of, arguments)))

    def _matches(self, target: Node, expression: str) -> str:
        compiled = golang.pattern(expression)
        if compiled is None:
            raise CelSyntaxError(f"a pattern that Python cannot express: {expression!r}")
        return f"({self.constant(compiled.search)}({self.of(target)}) is not None)"

    def _format(self, name: str, arguments: list[Node]) -> str:
        """`format.dns1123Label().validate(text)`: null if valid, else a list of messages."""
        if name not in functions.FORMATS or len(arguments) != 1:
            raise CelSyntaxError(f"unknown format {name!r}")
        return f"(None if {self.constant(functions.FORMATS[name])}({self.of(arguments[0])}) else ['invalid'])"


_MACROS = {
    "all": "all({body} for {variable} in {items})",
    "exists": "any({body} for {variable} in {items})",
    "exists_one": "(sum(1 for {variable} in {items} if {body}) == 1)",
    "filter": "[{variable} for {variable} in {items} if {body}]",
    "map": "[{body} for {variable} in {items}]",
}


def _either(left: Callable[[], bool], right: Callable[[], bool], decides: bool) -> bool:
    try:
        if left() is decides:
            return decides
    except _ERRORS:
        if right() is decides:
            return decides
        raise
    return right()


def _and(left: Callable[[], bool], right: Callable[[], bool]) -> bool:
    return _either(left, right, decides=False)


def _or(left: Callable[[], bool], right: Callable[[], bool]) -> bool:
    return _either(left, right, decides=True)


def _search(tests: Iterable[Callable[[], bool]], wanted: bool) -> bool:
    """Is there a `wanted` one? An error counts only if there is none."""
    failure: Exception | None = None
    for test in tests:
        try:
            if test() is wanted:
                return True
        except _ERRORS as error:
            failure = error
    if failure is not None:
        raise failure
    return False


def _all(tests: Iterable[Callable[[], bool]]) -> bool:
    return not _search(tests, wanted=False)


def _any(tests: Iterable[Callable[[], bool]]) -> bool:
    return _search(tests, wanted=True)
