"""CEL as cel-go parses it; functions, variables and types are not looked at."""

import pytest

from meshlint.values.cel import cel


@pytest.mark.parametrize(
    "text",
    [
        *("a", "response.code >= 400", "a && b || c", "!a", "!!a", "--a", "!-1", "a -1", "-9223372036854775808"),
        *("a ? b : c ? d : e", "a in [1]", "[1, 2,]", "{'a': 1,}", "a.b.C{x: 1}", "a.b{}", ".a.b", "a.b(c)[0].d"),
        *("has(a.b)", "has(a.b.c)", "x.all(y, y > 1)", "x.map(y, y > 1, y)", "x.map(y.z)", "size(a)", "a.for"),
        *("b'abc'", r"r'\d'", "'''a\n'b'''", r"'it\'s'", r"'\u00e9'", r'"\x41\101"', 'br"a"', '""'),
        *("1u", "0x1F", "1.5e3", ".5", "1e3", "// why\na", "  a  ", "true", "null"),
    ],
)
def test_expressions(text: str) -> None:
    assert cel(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "a a", "!-a", "(a", "a)", ")++++", "()", "a ? b", "a b c", "?", "a..b", "a.1", "a.in", "in"),
        *("size(a,)", "[1,, 2]", "[,]", "{,}", "{1}", "a.b{1: 2}", "a[b](c)"),
        *("'a", r"'\q'", "'a\nb'", "a = b", "a & b", "a | b", "a and b", "as", "1.", "9223372036854775809"),
        *("has(a)", "has(a.b, c)", "x.all(y.z, true)", "x.exists(1, true)", "#", "\x00"),
    ],
)
def test_no_expressions(text: str) -> None:
    assert cel(text)


@pytest.mark.parametrize(
    "text", ["(" * 100_000, "[" * 500 + "]" * 500, "-" * 50_000, "a" + " || a" * 20_000, "'" * 9999]
)
def test_endless_texts_come_to_an_end(text: str) -> None:
    cel(text)
