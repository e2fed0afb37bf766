"""Durations, whole numbers, patterns, URLs and addresses as Go's standard library reads them."""

import pytest

from meshlint.schemas import golang
from meshlint.schemas.formats import FORMATS


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1h30m", 5400 * 10**9),
        (".5s", 5 * 10**8),
        ("1.s", 10**9),
        ("1.5ms", 1_500_000),
        ("100us", 100_000),
        ("1\u00b5s", 1000),
        ("1\u03bcs", 1000),
        ("0", 0),
        ("+0", 0),
        ("-1s", -(10**9)),
        ("2540400h10m10s", (2540400 * 3600 + 610) * 10**9),
    ],
)
def test_a_duration(text: str, nanoseconds: int) -> None:
    assert golang.duration(text) == nanoseconds


@pytest.mark.parametrize(
    "text", ["", "-", "+", "1", "1d", " 1s", "1s ", ".s", "1 s", "1S", "9999999h", "1h-1m", "1,5s", "\u0661s", "1e3s", "9" * 5000 + "s"]
)  # fmt: skip
def test_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        golang.duration(text)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^a$", "a\n", False),
        ("a$|b", "b", True),
        ("[$]", "$", True),
        ("[^]]", "a", True),
        ("[]a]", "]", True),
        (r"\$", "$", True),
        (r"\w", "\u00e9", False),
        (r"^a\z", "a", True),
        ("(^(?i)a$)b?", "A", True),
        ("a(?i)b", "aB", True),
        ("a(?i)b", "AB", False),
        ("(?s)a.b", "a\nb", True),
        ("a.b", "a\nb", False),
        (r"\x60", "`", True),
        ("[[]", "[", True),
    ],
)
def test_a_pattern(pattern: str, text: str, matches: bool) -> None:
    compiled = golang.pattern(pattern)
    assert compiled is not None
    assert (compiled.search(text) is not None) is matches


@pytest.mark.parametrize("pattern", ["[[:alpha:]]", r"\pL", "(", "(?U)a", "a{2,1}", "\\"])
def test_a_pattern_that_python_cannot_express_is_no_pattern(pattern: str) -> None:
    assert golang.pattern(pattern) is None


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("https://a.example.com/b?c#d", "https"),
        ("HTTP://a", "http"),
        ("/path", ""),
        ("*", ""),
        ("mailto:me", "mailto"),
        ("http://[::1]:80/", "http"),
        ("http://[fe80::1%25en0]/", "http"),
        ("http://user:secret@a/", "http"),
        ("http://a:", "http"),
        ("http://a_b", "http"),
        ("http://\u00e9", "http"),
        ("file:///a", "file"),
        ("oci://a/b:c", "oci"),
    ],
)
def test_a_url(text: str, scheme: str) -> None:
    assert golang.url_scheme(text) == scheme


@pytest.mark.parametrize(
    "text",
    ["", "a", "a/b", ":a", "http://a b", "http://a:b", "http://[::1", "http://[::1]a", "http://%zz", "/%", "http://a\x7f", "1http://a", "http://a%41", "http://u@v@/%g"],
)  # fmt: skip
def test_no_url(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        golang.url_scheme(text)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ipv4", ["10.0.0.1", "255.255.255.255"], ["10.0.0", "10.0.0.01", "256.0.0.1", "::1", "10.0.0.1\n", ""]),
        ("ipv6", ["::", "::1", "2001:db8::", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1"], ["1::2::3", ":1", "1:2", "10.0.0.1", "1:2:3:4:5:6:7:8:9", "g::", ":::", "12345::"]),
        ("cidr", ["10.0.0.0/8", "::/0"], ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/08", "/8", "10.0.0.0/\u0668"]),
        ("byte", ["YWJj", "YQ=="], ["", "YQ", "Y Q="]),
        ("date", ["2026-01-31"], ["2026-13-01", "2026-1-1"]),
        ("date-time", ["2026-01-31T10:00:00Z", "2026-01-31T10:00:00.5+02:00"], ["2026-01-31", "2026-01-31T25:00:00Z"]),
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]),
    ],
)  # fmt: skip
def test_a_format(name: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not FORMATS[name](text)] == []
    assert [text for text in bad if FORMATS[name](text)] == []
