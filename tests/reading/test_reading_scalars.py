"""What Kubernetes takes plain scalars, tags and keys for.

The expected values are what sigs.k8s.io/yaml 1.6 gives, followed by the API server's rule that a
whole number of 64 bits is an integer.
"""

import pytest

from meshlint.reading import read_full
from meshlint.reading.scalars import resolve

FORMS = [
    ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
    ("y", True), ("Y", True), ("yes", True), ("Yes", True), ("YES", True), ("yEs", "yEs"),
    ("n", False), ("N", False), ("no", False), ("No", False), ("NO", False),
    ("on", True), ("On", True), ("ON", True), ("off", False), ("Off", False), ("OFF", False),
    ("true", True), ("True", True), ("TRUE", True), ("tRUE", "tRUE"), ("false", False), ("FALSE", False),
    ("0", 0), ("-0", 0), ("+0", 0), ("00", 0), ("1", 1), ("+1", 1), ("-1", -1), ("60", 60),
    ("0777", 511), ("0o17", 15), ("0O17", 15), ("-0o17", -15), ("0_7", 7), ("08", 8), ("09", 9), ("-08", -8), ("08.5", 8.5),
    ("0b11", 3), ("0B11", 3), ("-0b11", -3), ("+0b11", 3), ("0b2", "0b2"), ("0b", "0b"), ("0b" + "1" * 64, float(2**64 - 1)),
    ("0x1F", 31), ("0X1f", 31), ("+0x1F", 31), ("0x_1F", 31), ("0xG", "0xG"), ("0x", "0x"), ("0x1p4", "0x1p4"),
    ("1_000", 1000), ("1__0", 10), ("1_", 1), ("_1", "_1"), ("-_1", -1), ("1,000", "1,000"),
    ("1:30", "1:30"), ("190:20:30", "190:20:30"), ("12:30:45", "12:30:45"),
    ("2001-01-01", "2001-01-01"), ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
    ("1.0", 1), ("1.", 1), ("1.5", 1.5), ("-1.5", -1.5), ("-0.0", 0), (".5", 0.5), ("-.5", -0.5), ("+.5", 0.5), ("+.5e1", 5),
    (".5_0", 0.5), (".5__0", ".5__0"), (".5_", ".5_"), (".5e1_0", 5 * 10**9), ("1_0.5", 10.5), ("1.5_0", 1.5), ("-.5_1", -0.51), (".", "."), ("-.", "-."), (".e3", ".e3"),
    ("1e3", 1000), ("1E3", 1000), ("12e03", 12000), ("1.e3", 1000), ("1.0e+2", 100), ("1e1_0", 10**10), ("0e0", 0),
    ("1e", "1e"), ("1e+", "1e+"), ("1e400", "1e400"), ("-1e400", "-1e400"), ("1e-400", 0), ("5e-324", 5e-324),
    ("1234567890123456789.0", 1234567890123456800), ("9007199254740993.0", 2**53), ("4.0e18", 4 * 10**18), ("1e20", 1e20), ("1e21", 1e21), ("100000000000000000000", 1e20),
    ("9223372036854775807", 2**63 - 1), ("9223372036854775808", 2.0**63),
    ("-9223372036854775808", -(2**63)), ("-9223372036854775809", -(2.0**63)), ("1" * 5000, "1" * 5000),
    ("1.2.3", "1.2.3"), ("--1", "--1"), ("++1", "++1"), ("+", "+"), ("-", "-"), ("nan", "nan"), ("inf", "inf"),
    ("<<", "<<"), ("=", "="), ("\u0661\u0662", "\u0661\u0662"), ("1\u00b2", "1\u00b2"), ("plain text", "plain text"),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "value"), FORMS)
def test_a_plain_scalar_is_what_kubernetes_makes_of_it(plain, value):
    assert (resolve(plain), type(resolve(plain))) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("!!str 5", "5"),
        ("!!str on", "on"),
        ("!!int '5'", 5),
        ("!!float 5", 5),
        ("!!bool 'yes'", True),
        ("!!null ''", None),
        ("!!timestamp 2001-01-01", "2001-01-01"),
        ("!!binary aGk=", "hi"),
        ("! &a", ""),  # as Go has it; ruamel's pure parser says null
        ("!!binary /w==", "\ufffd"),
        ("!foo 5", "5"),
        ("! 5", "5"),
        ("! '5'", "5"),
        ("!<tag:yaml.org,2002:str> 5", "5"),
        ("'on'", "on"),
        ('"1"', "1"),
        ("|\n  on", "on"),
    ],
)
def test_tags_and_quotes_decide_before_the_table(text, data):
    assert read_full(f"a: {text}").documents[0].data == {"a": data}


@pytest.mark.parametrize(
    "text", ["!!int x", "!!null x", "!!timestamp x", "!!bool 5", "!!binary =", ".inf", "-.INF", ".NaN"]
)
def test_what_json_cannot_hold_or_the_tag_forbids_is_refused(text):
    reading = read_full(f"a: {text}")
    assert not reading.documents
    assert len(reading.problems) == 1


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("true", "true"), ("yes", "true"), ("Off", "false"), ("1", "1"), ("0777", "511"), ("1.0", "1"), ("1.5", "1.5"),
        ("0.1", "0.1"), ("1e3", "1000"), ("1e6", "1e+06"), ("1234567.5", "1.2345675e+06"), ("16777217.0", "1.6777216e+07"), ("0.00001", "1e-05"), (".inf", ".inf"), ("2001-01-01", "2001-01-01"), ("'1'", "1"), ("!!str on", "on"),
        ("!!binary aGk=", "hi"), ("? a\n", "a"), ('"<<"', "<<"), ("=", "="),
    ],
)  # fmt: skip
def test_keys_become_text(key, name):
    assert read_full(f"{key}: x").documents[0].data == {name: "x"}


@pytest.mark.parametrize("key", ["~", "null", "[a]", "{a: b}", "? [a]\n", "18446744073709551615"])
def test_keys_that_are_no_text_are_refused(key):
    reading = read_full(f"{key}: x")
    assert not reading.documents
    assert "key" in reading.problems[0].message
