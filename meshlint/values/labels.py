"""Kubernetes labels as Istio checks them in its own fields, and selectors."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from meshlint.values import ALPHANUMERIC, Reason, is_made_of

_IN_DNS = f"{ALPHANUMERIC}-"
_IN_NAME = f"{ALPHANUMERIC}-_."
_NAME_LIMIT = 63
_PREFIX_LIMIT = 253


@lru_cache(maxsize=4096)
def label_key(text: str) -> Reason:
    """The key of a label: `name` or `prefix/name` (`validateTagKey`)."""
    if not text:
        return "it is empty"
    prefix, slash, name = text.rpartition("/")
    is_dns = all(is_made_of(part, _IN_DNS, ALPHANUMERIC) for part in prefix.split(".")) if slash else True
    if not is_dns or not is_made_of(name, _IN_NAME, ALPHANUMERIC):
        return (
            "it has to be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, "
            "maybe after a domain name and `/`"
        )
    if len(prefix) > _PREFIX_LIMIT:
        return f"its prefix has more than {_PREFIX_LIMIT} characters"
    return f"its name has more than {_NAME_LIMIT} characters" if len(name) > _NAME_LIMIT else None


@lru_cache(maxsize=4096)
def label_value(text: str) -> Reason:
    """The value of a label (`Instance.Validate`): of any length, though Kubernetes allows 63 characters on a pod."""
    if not text or is_made_of(text, _IN_NAME, ALPHANUMERIC):
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
