"""What Kubernetes takes a plain scalar for.

The table and the order of the tests follow `resolve.go` of go-yaml v2 as sigs.k8s.io/yaml uses
it (YAML 1.1 booleans and octals, no base 60, no dates), and then what the API server's JSON
decoder makes of the result: a number that is whole and fits 64 bits is an integer.
"""

from __future__ import annotations

import math
import re

Scalar = bool | int | float | str | None

_CONSTANTS: dict[str, bool | float | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
for _word in ("y", "yes", "true", "on"):
    _CONSTANTS.update(dict.fromkeys((_word, _word.capitalize(), _word.upper()), True))
for _word in ("n", "no", "false", "off"):
    _CONSTANTS.update(dict.fromkeys((_word, _word.capitalize(), _word.upper()), False))
for _word in (".inf", ".Inf", ".INF"):
    _CONSTANTS.update({_word: math.inf, "+" + _word: math.inf, "-" + _word: -math.inf})
_CONSTANTS.update(dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan))

_NUMERIC_START = frozenset("0123456789+-.")
_NUMERIC = frozenset("0123456789+-._abcdefABCDEFxXoO")
# Patterns are text and compiled when first used: most texts that look like numbers are sorted out before.
_INTEGER = r"([-+]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)\Z"
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"
_DOT_FLOAT = r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?\Z"
_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9:.]+(?:Z|[-+][0-9]{2}:[0-9]{2})?)?\Z"
_TAG = "tag:yaml.org,2002:"
_BASES = {"x": 16, "o": 8, "b": 2}
_LONGEST_INTEGER = 70
"""Longer than any 64-bit integer in base 2: what is longer is a float or text, and never worth a big-integer parse."""


def resolve(plain: str) -> Scalar:
    """Give the value of a plain (unquoted, untagged) scalar.

    >>> [resolve(text) for text in ("on", "0777", "0o17", "1.0", "1:30", "2024-01-01", "~")]
    [True, 511, 15, 1, '1:30', '2024-01-01', None]
    """
    if plain not in _CONSTANTS and plain[0] not in _NUMERIC_START:
        return plain
    value = _in_yaml(plain)
    return whole(value) if type(value) in (float, int) else value  # type: ignore[arg-type]


def _in_yaml(plain: str) -> Scalar:
    """Give the value as go-yaml has it, before JSON makes one kind of number of integers and floats."""
    if plain in _CONSTANTS:
        return _CONSTANTS[plain]
    if plain[0] not in _NUMERIC_START or not _NUMERIC.issuperset(plain) or plain.count(".") > 1:
        return plain
    if plain[0] != "0" and len(plain) < 19 and plain.isdecimal():
        return int(plain)
    if plain[0] == ".":
        return _from_float(plain) if re.match(_DOT_FLOAT, plain) else plain
    digits = plain.replace("_", "")
    match = re.match(_INTEGER, digits) if len(digits) <= _LONGEST_INTEGER else None
    if match:
        return _from_integer(match[1], match[2])
    if not re.match(_FLOAT, digits):
        return plain
    number = _from_float(digits)
    return plain if isinstance(number, str) else number


def _from_integer(sign: str, digits: str) -> int | float:
    base = _BASES.get(digits[1:2].lower())
    number = int(digits[2:], base) if base else int(digits, 8 if digits[0] == "0" else 10)
    number = -number if sign == "-" else number
    return number if -(2**63) <= number < 2**64 else float(number)


def _from_float(digits: str) -> float | str:
    number = float(digits)
    return digits if math.isinf(number) else number  # out of range: go-yaml leaves it text


def whole(number: float) -> int | float:
    """Give an integer if `number` is whole and fits 64 bits, as the JSON decoder of the API server does."""
    integer = number
    if isinstance(number, float) and number.is_integer():
        integer = int(number) if abs(number) < 2**53 else _as_printed(number)
    if isinstance(integer, int) and -(2**63) <= integer < 2**63:
        return integer
    return float(number)


def _as_printed(number: float) -> int | float:
    """Give the integer that Go's JSON encoder prints for a large whole float: shortest digits, then zeros."""
    mantissa, _, exponent = repr(number).partition("e")
    if abs(number) >= 2**64 or not exponent:
        return number if exponent else int(number)
    digits, _, fraction = mantissa.partition(".")
    return int(digits + fraction + "0" * (int(exponent) - len(fraction)))


def value_of(text: str, tag: str | None, plain: bool) -> Scalar:
    """Give the value of a scalar as the API server has it. Raises ValueError where text and tag contradict."""
    value = _typed(text, tag, plain)
    return whole(value) if type(value) in (float, int) else value  # type: ignore[arg-type]


def key_of(text: str, tag: str | None, plain: bool) -> str | None:
    """Give the JSON key for a scalar, or None where Kubernetes refuses it (null, beyond 63 bits)."""
    key = _typed(text, tag, plain)
    if isinstance(key, str):
        return key
    if key is None:
        return None
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return str(key) if key < 2**63 else None
    return _float_key(key)


def _typed(text: str, tag: str | None, plain: bool) -> Scalar:
    """Apply tag, then style, then the table. A tag that go-yaml does not know makes the scalar text."""
    if not tag:
        return _in_yaml(text) if plain else text
    kind = tag[len(_TAG) :] if tag.startswith(_TAG) else ""
    if kind == "binary":
        return _binary(text)
    return _as_kind(kind, text) if kind in ("bool", "int", "float", "null", "timestamp") else text


def _as_kind(kind: str, text: str) -> Scalar:
    value = _in_yaml(text)
    if kind == "float" and type(value) is int:
        value = float(value)
    fits = {
        "bool": isinstance(value, bool),
        "int": type(value) is int,
        "float": isinstance(value, float),
        "null": value is None,
        "timestamp": re.match(_DATE, text) is not None,
    }
    if not fits[kind]:
        raise ValueError(f"`{text}` is no !!{kind}")
    return value


def _binary(text: str) -> str:
    import base64
    import binascii

    compact = "".join(text.split())
    compact = compact if len(compact) % 4 == 0 else "?"  # Python 3.10 takes a lone `=`
    try:
        return base64.b64decode(compact, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise ValueError("!!binary holds invalid base64") from None


def _float_key(number: float) -> str:
    """Spell a float as Go's `FormatFloat(number, 'g', -1, 32)` does."""
    if math.isnan(number):
        return ".nan"
    import struct

    try:
        (single,) = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        single = math.copysign(math.inf, number)
    if math.isinf(single):
        return "-.inf" if single < 0 else ".inf"
    for precision in range(1, 10):
        digits = f"{single:.{precision - 1}e}"
        if struct.unpack("f", struct.pack("f", float(digits)))[0] == single:
            break
    exponent = int(digits.partition("e")[2])
    if exponent < -4 or exponent >= 6:
        return digits
    return f"{float(digits):.{max(0, precision - 1 - exponent)}f}"
