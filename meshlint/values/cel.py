"""Whether a text is CEL, as `cel-go` parses it; of functions and types nothing is said.

The compiler of `meshlint.schemas.cel` reads the rules of CRDs, a subset that it runs. This module
only recognises, but the whole of the grammar (`parser/gen/CEL.g4` of google/cel-go), with what its
parser checks besides: reserved names, and the arguments of macros.
"""

import re
from functools import lru_cache

from meshlint.values import Reason

_ESCAPE = r"""\\(?:[abfnrtv"'\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})"""
_TOKEN = re.compile(
    rf"""(?P<blank>[\t \r\n\f]+|//[^\n]*)
    |(?P<text>[bB]?(?:
        [rR](?:\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''|"[^"\r\n]*"|'[^'\r\n]*')
        |\"\"\"(?:{_ESCAPE}|[^\\])*?\"\"\"|'''(?:{_ESCAPE}|[^\\])*?'''
        |"(?:{_ESCAPE}|[^\\"\r\n])*"|'(?:{_ESCAPE}|[^\\'\r\n])*'))
    |(?P<fraction>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<whole>(?:0x[0-9a-fA-F]+|[0-9]+)[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z_0-9]*)
    |(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{{}}])""",
    re.VERBOSE,
)
_LITERALS = frozenset({"true", "false", "null"})
_WORDS = _LITERALS | {"in"}
_RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package"}
    | {"namespace", "return", "var", "void", "while"}
)
_INFIX = ("||", "&&", "<", "<=", ">", ">=", "==", "!=", "in", "+", "-", "*", "/", "%")
# Macros on a list or map: their first argument names the element. The number of all of them.
_MACROS: dict[str, set[int]] = {
    "all": {2},
    "exists": {2},
    "exists_one": {2},
    "existsOne": {2},
    "filter": {2},
    "map": {2, 3},
}
_END = ("end", "")


class _Refused(Exception):
    """Why the parser gives up."""


@lru_cache(maxsize=1024)
def cel(text: str) -> Reason:
    """An expression of CEL; an empty text is none."""
    try:
        _Parser(_tokens(text)).whole()
    except _Refused as refused:
        return str(refused)
    except RecursionError:  # nested some hundred levels deep: istiod may refuse it, or not
        return None
    return None


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    end = 0
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise _Refused(f"it cannot be read from `{_short(text[end:])}` on")
        end = match.end()
        if match.lastgroup == "whole":
            _check_size(match[0])
        if match.lastgroup != "blank":
            found.append((match.lastgroup or "", match[0]))
    return found


def _check_size(word: str) -> None:
    unsigned = word[-1] in "uU"
    digits = word.rstrip("uU")
    most = 2**64 - 1 if unsigned else 2**63  # the sign of the lowest number is read before it
    if len(digits) > 30 or int(digits, 16 if digits[:2] == "0x" else 10) > most:
        raise _Refused(f"`{_short(word)}` is beyond 64 bits")


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = [*tokens, _END]
        self.position = 0

    def whole(self) -> None:
        self.expression()
        if self.peek() is not _END:
            raise self.unexpected()

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position]

    def take(self, *signs: str) -> bool:
        kind, word = self.peek()
        found = (kind == "sign" or word == "in") and word in signs
        self.position += found
        return found

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise self.unexpected(f", where `{sign}` is expected")

    def unexpected(self, more: str = "") -> _Refused:
        kind, word = self.peek()
        where = "it ends too early" if kind == "end" else f"`{_short(word)}` stands in a wrong place"
        return _Refused(where + more)

    def expression(self) -> str:
        """Step over an expression: `name` of a plain one, `field` of one that selects, else `other`."""
        shape = self.operands()
        if self.take("?"):
            self.operands()
            self.expect(":")
            self.expression()
            return "other"
        return shape

    def operands(self) -> str:
        """Operands with operators between them; which binds stronger plays no part in whether they are well-formed."""
        shape = self.unary()
        while self.take(*_INFIX):
            self.unary()
            shape = "other"
        return shape

    def unary(self) -> str:
        """Several `!` or several `-`, not both; the sign of a number belongs to the number."""
        sign = next((sign for sign in "!-" if self.take(sign)), None)
        while sign and self.take(sign):
            pass
        shape = self.member()
        return "other" if sign else shape

    def member(self) -> str:
        shape = self.primary()
        while True:
            if self.take("."):
                name = self.name()
                shape = "field"
                if self.take("("):
                    _check_macro(name, self.items(")"))
                    shape = "other"
            elif self.take("["):
                self.expression()
                self.expect("]")
                shape = "other"
            else:
                return shape

    def primary(self) -> str:
        if self.take("("):
            shape = self.expression()
            self.expect(")")
            return shape
        if self.take("["):
            self.items("]", comma_may_end=True)
        elif self.take("{"):
            self.pairs()
        else:
            leading = self.take(".")
            kind, word = self.peek()
            if kind == "name" and word not in _WORDS:
                return self.named()
            if not leading:
                self.take("-")
                kind, word = self.peek()
            if leading or (word not in _LITERALS and kind not in {"text", "whole", "fraction"}):
                raise self.unexpected()
            self.position += 1
        return "other"

    def named(self) -> str:
        """A variable, a call, or a message such as `a.B{c: 1}`."""
        end = self.position + 1
        while self.tokens[end][1] == "." and self.tokens[end + 1][0] == "name":
            end += 2
        if self.tokens[end][1] == "{":
            self.position = end + 1
            self.fields()
            return "other"
        name = self.name()
        if self.take("("):
            shapes = self.items(")")
            if name == "has" and shapes != ["field"]:
                raise _Refused("`has` takes one field, as in `has(a.b)`")
            return "other"
        if name in _RESERVED:
            raise _Refused(f"`{name}` is a reserved word")
        return "name"

    def name(self) -> str:
        kind, word = self.peek()
        if kind != "name" or word in _WORDS:
            raise self.unexpected(", where a name is expected")
        self.position += 1
        return word

    def items(self, end: str, *, comma_may_end: bool = False) -> list[str]:
        """The shapes of the expressions up to the end of a list or call."""
        shapes: list[str] = []
        while not self.take(end):
            shapes.append(self.expression())
            if not self.take(","):
                self.expect(end)
                break
            if self.peek() == ("sign", end) and not comma_may_end:
                raise self.unexpected()
        return shapes

    def pairs(self) -> None:
        while not self.take("}"):
            self.expression()
            self.expect(":")
            self.expression()
            if not self.take(","):
                self.expect("}")
                break

    def fields(self) -> None:
        while not self.take("}"):
            self.name()
            self.expect(":")
            self.expression()
            if not self.take(","):
                self.expect("}")
                break


def _check_macro(name: str, shapes: list[str]) -> None:
    """Of another number of arguments it is no macro, but a function."""
    if len(shapes) in _MACROS.get(name, ()) and shapes[0] != "name":
        raise _Refused(f"the first argument of `{name}` has to be a plain name")


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:17] + "..."
