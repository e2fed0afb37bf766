"""JSON Web Keys and sets of them, as istiod's library `github.com/lestrrat-go/jwx` reads them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from meshlint.values import Reason

_REQUIRED = {"RSA": ("e", "n"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x"), "oct": ("k",)}
_ENCODED = frozenset({"e", "n", "x", "y", "k"})
_PRIVATE = "d"
_BASE64 = re.compile(r"[A-Za-z0-9_-]*|[A-Za-z0-9+/]*|[A-Za-z0-9_-]*={1,2}|[A-Za-z0-9+/]*={1,2}")


@lru_cache(maxsize=256)
def key_set(text: str) -> Reason:
    """A key, or `{"keys": [...]}`: JSON with the fields that each type of key needs (`jwk.Parse`)."""
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return "it is no JSON"
    if not isinstance(content, dict):
        return 'it is no JSON object such as `{"keys": [...]}`'
    if "keys" not in content:
        return _key(content)
    keys = content["keys"]
    if keys is None:
        return None
    if not isinstance(keys, list):
        return "its `keys` are no list"
    reasons = (f"key {index} of its `keys`: {reason}" for index, key in enumerate(keys) if (reason := _key(key)))
    return next(reasons, None)


def secret_keys(text: str) -> Iterator[tuple[int, str]]:
    """The keys that sign and not only verify, by index: what they are. Nothing of a text that is no key set."""
    if key_set(text):
        return
    content = msgspec.json.decode(text)
    for index, key in enumerate(content.get("keys", [content]) or ()):
        kind = key.get("kty")
        if kind == "oct":
            yield index, "a symmetric key"
        elif key.get(_PRIVATE):
            yield index, f"a private {kind} key"


def _key(key: Any) -> Reason:
    if not isinstance(key, dict):
        return "it is no JSON object"
    kind = key.get("kty")
    if kind is None:
        # Go takes `KTY` for `kty`, so only what has neither is refused for sure.
        return None if any(name.lower() == "kty" for name in key) else "it has no `kty`, the type of key"
    if not isinstance(kind, str) or kind not in _REQUIRED:
        return f"its `kty` is none of {', '.join(_REQUIRED)}"
    for name in _REQUIRED[kind]:
        value = key.get(name)
        if value is None:
            return f"an {kind} key has to have `{name}`"
        if not isinstance(value, str):
            return f"its `{name}` is no text"
        if name in _ENCODED and not _is_base64(value):
            return f"its `{name}` is not encoded in base64url"
    return None


def _is_base64(text: str) -> bool:
    """In one of the four alphabets, with or without padding; line breaks play no part."""
    plain = text.replace("\n", "").replace("\r", "")
    if not _BASE64.fullmatch(plain):
        return False
    return len(plain) % 4 == 0 if plain.endswith("=") else len(plain) % 4 != 1
