"""Kubernetes labels as Istio checks them in its own fields, and selectors."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from meshlint.values import Reason

_DNS = r"[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
_NAME = r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_KEY = re.compile(rf"({_DNS}(?:\.{_DNS})*/)?({_NAME})")
_VALUE = re.compile(rf"(?:{_NAME})?")
_NAME_LIMIT = 63
_PREFIX_LIMIT = 253


@lru_cache(maxsize=4096)
def label_key(text: str) -> Reason:
    """The key of a label: `name` or `prefix/name` (`validateTagKey`)."""
    if not text:
        return "it is empty"
    found = _KEY.fullmatch(text)
    if not found:
        return (
            "it has to be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, "
            "maybe after a domain name and `/`"
        )
    if len(found[1] or "/") - 1 > _PREFIX_LIMIT:
        return f"its prefix has more than {_PREFIX_LIMIT} characters"
    return f"its name has more than {_NAME_LIMIT} characters" if len(found[2]) > _NAME_LIMIT else None


@lru_cache(maxsize=4096)
def label_value(text: str) -> Reason:
    """The value of a label (`Instance.Validate`): of any length, though Kubernetes allows 63 characters on a pod."""
    if _VALUE.fullmatch(text):
        return None
    return "it has to be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, or empty"


def bad_labels(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The entries that are no labels: key, and a reason that names key or value (`Instance.Validate`)."""
    for key, value in labels.items():
        reason = label_key(key)
        if reason:
            yield key, f"the label key `{key}` is invalid: {reason}"
        reason = label_value(value)
        if reason:
            yield key, f"the value `{value}` of label `{key}` is invalid: {reason}"


def bad_selector(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """The entries that a selector must not hold: key, and the reason (`validateWorkloadSelector`)."""
    found: list[tuple[str, str]] = []
    for key, value in labels.items():
        if not key:
            found.append((key, "a selector has an empty key"))
        if "*" in key or "*" in value:
            found.append((key, f"a selector matches labels as written, `{key}: {value}` has a `*`"))
    return found
