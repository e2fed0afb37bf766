"""CEL text to a tree of tuples.

Grammar: https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax, without message
literals, which rules of CRDs cannot use. Nodes:

    ("literal", value)                  ("list", [node...])          ("map", [(node, node)...])
    ("name", "self")                    ("select", node, "field")    ("index", node, node)
    ("call", "size", [node...])         ("method", node, "size", [node...])
    ("not" | "negate", node)            ("and" | "or", node, node)   ("if", node, node, node)
    (operator, node, node)              with operator one of == != < <= > >= in + - * / %
"""

import re
from typing import Any

Node = tuple[Any, ...]


class CelSyntaxError(ValueError):
    """Text that is no CEL, or uses a part of it that rules of CRDs do not."""


_TOKEN = re.compile(
    r"""\s+|//[^\n]*
    |(?P<string>[rR]?(?:\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''))
    |(?P<raw>[rR](?:"[^"\n]*"|'[^'\n]*'))
    |(?P<quoted>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<number>0[xX][0-9a-fA-F]+[uU]?|[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]+[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z_0-9]*)
    |(?P<operator>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE,
)
_ESCAPE = r"(?s)\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[xX]([0-9a-fA-F]{2})|([0-3][0-7]{2})|(.))"
"""As text, compiled when first used: few strings have an escape."""
_SIMPLE_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"} | dict.fromkeys(
    "\\?\"'`"
)
_WORDS = {"true": True, "false": False, "null": None}

Token = tuple[str, Any]


def tokens(text: str) -> list[Token]:
    """Split into `(kind, value)`; strings are unescaped, numbers converted."""
    found: list[Token] = []
    end = 0
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise CelSyntaxError(f"no CEL at {text[end : end + 20]!r}")
        end = match.end()
        kind, word = match.lastgroup, match[0]
        if kind in {"string", "raw", "quoted"}:
            found.append(("string", _string(word)))
        elif kind == "number":
            found.append(("number", _number(word)))
        elif kind is not None:
            found.append((kind, word))
    return found


def _string(word: str) -> str:
    raw = word[0] in "rR"
    if raw:
        word = word[1:]
    width = 3 if word[:3] in {'"""', "'''"} else 1
    body = word[width:-width]
    return body if raw or "\\" not in body else re.sub(_ESCAPE, _unescape, body)


def _unescape(match: "re.Match[str]") -> str:
    short, long, hexadecimal, octal, simple = match.groups()
    if digits := short or long or hexadecimal:
        return chr(int(digits, 16))
    if octal:
        return chr(int(octal, 8))
    if simple not in _SIMPLE_ESCAPES:
        raise CelSyntaxError(f"unknown escape {match[0]!r}")
    return _SIMPLE_ESCAPES[simple] or simple


def _number(word: str) -> float:
    word = word.rstrip("uU")
    if word[:2] in {"0x", "0X"}:
        return int(word, 16)
    return int(word) if word.isdigit() else float(word)


def canonical(text: str) -> str:
    """The same rule with one spelling of blanks and quotes, so that equal rules compare equal."""
    words: list[str] = []
    for kind, value in tokens(text):
        word = _quote(value) if kind == "string" else str(value)
        called = word in {"(", "["} and bool(words) and re.match(r"[\w)\]]+\Z", words[-1]) and words[-1] != "in"
        if words and not called and word not in _TIGHT_BEFORE and words[-1] not in _TIGHT_AFTER:
            words.append(" ")
        words.append(word)
    return "".join(words)


_TIGHT_BEFORE = {".", ",", ")", "]"}
_TIGHT_AFTER = {".", "(", "[", "!"}


def _quote(value: str) -> str:
    quote = '"' if "'" in value else "'"
    escaped = value.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n")
    text = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in escaped)
    return f"{quote}{text}{quote}"


_LEVELS = {
    "||": 0,
    "&&": 1,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 2),
    "+": 3,
    "-": 3,
    "*": 4,
    "/": 4,
    "%": 4,
}
_LOGIC = {"||": "or", "&&": "and"}


_END: Token = ("end", None)


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [*tokens(text), _END]
        self.position = 0

    def peek(self) -> Token:
        return self.tokens[self.position]

    def next(self) -> Token:
        token = self.tokens[self.position]
        self.position += token is not _END
        return token

    def take(self, word: str) -> bool:
        """Step over an operator if it is the next token."""
        found = self.tokens[self.position] == ("operator", word)
        self.position += found
        return found

    def expect(self, word: str) -> None:
        if not self.take(word):
            raise CelSyntaxError(f"expected {word!r} before {self.peek()[1]!r}")

    def expression(self) -> Node:
        condition = self.binary(0)
        if not self.take("?"):
            return condition
        then = self.binary(0)
        self.expect(":")
        return ("if", condition, then, self.expression())

    def binary(self, weakest: int) -> Node:
        """Operators that bind at least as strongly as `weakest`, by precedence climbing."""
        left = self.unary()
        while True:
            kind, operator = self.tokens[self.position]
            level = _LEVELS.get(operator, -1) if kind in {"operator", "name"} else -1
            if level < weakest:
                return left
            self.position += 1
            left = (_LOGIC.get(operator, operator), left, self.binary(level + 1))

    def unary(self) -> Node:
        if self.take("!"):
            return ("not", self.unary())
        if self.take("-"):
            return ("negate", self.unary())
        return self.member(self.primary())

    def member(self, node: Node) -> Node:
        while True:
            if self.take("."):
                kind, name = self.next()
                if kind != "name":
                    raise CelSyntaxError(f"expected a name after '.', not {name!r}")
                node = ("method", node, name, self.items(")")) if self.take("(") else ("select", node, _unescaped(name))
            elif self.take("["):
                node = ("index", node, self.expression())
                self.expect("]")
            else:
                return node

    def primary(self) -> Node:
        kind, value = self.next()
        if kind in {"string", "number"}:
            return ("literal", value)
        if kind == "name":
            if value in _WORDS:
                return ("literal", _WORDS[value])
            return ("call", value, self.items(")")) if self.take("(") else ("name", value)
        if value == "(":
            node = self.expression()
            self.expect(")")
            return node
        if value == "[":
            return ("list", self.items("]"))
        if value == "{":
            return ("map", self.pairs())
        raise CelSyntaxError(f"unexpected {value!r}")

    def items(self, end: str) -> list[Node]:
        found: list[Node] = []
        while not self.take(end):
            found.append(self.expression())
            if not self.take(","):
                self.expect(end)
                break
        return found

    def pairs(self) -> list[tuple[Node, Node]]:
        found: list[tuple[Node, Node]] = []
        while not self.take("}"):
            key = self.expression()
            self.expect(":")
            found.append((key, self.expression()))
            if not self.take(","):
                self.expect("}")
                break
        return found


def _unescaped(name: str) -> str:
    """A field of Kubernetes whose name is a word of CEL is written `__namespace__`."""
    if name.startswith("__") and name.endswith("__") and len(name) > 4:
        return name[2:-2]
    for code, char in (("__dot__", "."), ("__dash__", "-"), ("__slash__", "/"), ("__underscores__", "__")):
        name = name.replace(code, char)
    return name


def parse(text: str) -> Node:
    """Parse a whole rule; CelSyntaxError if it is none."""
    parser = _Parser(text)
    try:
        node = parser.expression()
    except RecursionError as error:
        raise CelSyntaxError("nested too deeply") from error
    if parser.peek() is not _END:
        raise CelSyntaxError(f"unexpected {parser.peek()[1]!r}")
    return node
