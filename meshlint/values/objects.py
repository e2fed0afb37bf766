"""Names, labels and annotation keys as Kubernetes' API server checks them on every object.

Sources: `ValidateObjectMeta` (`apimachinery/pkg/api/validation`) and the formats of
`apimachinery/pkg/util/validation`. Istio's own checks of labels (`meshlint.values.labels`) differ:
there a value may have any length, and a prefix capitals.
"""

from functools import lru_cache

from meshlint.values import ALPHANUMERIC, LOWER, Reason, is_made_of

_IN_LABEL = f"{LOWER}-"
_IN_NAME = f"{ALPHANUMERIC}-_."
_LABEL_LIMIT, _SUBDOMAIN_LIMIT = 63, 253
_OF_A_NAME = "it has to be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends"

ANNOTATIONS_LIMIT = 256 * 1024
"""Bytes that keys and values of all annotations of an object may have together (`TotalAnnotationSizeLimitB`)."""


@lru_cache(maxsize=4096)
def dns_label(text: str) -> Reason:
    """The name of a Namespace or a Service (`IsDNS1123Label`)."""
    if not is_made_of(text, _IN_LABEL, LOWER):
        return "it has to be lower-case letters, digits and `-`, with a letter or digit at both ends"
    return f"it has more than {_LABEL_LIMIT} characters" if len(text) > _LABEL_LIMIT else None


@lru_cache(maxsize=4096)
def subdomain(text: str) -> Reason:
    """The name of most objects (`IsDNS1123Subdomain`)."""
    if not all(is_made_of(part, _IN_LABEL, LOWER) for part in text.split(".")):
        return "it has to be lower-case letters, digits, `-` and `.`, with a letter or digit at both ends of each part"
    return f"it has more than {_SUBDOMAIN_LIMIT} characters" if len(text) > _SUBDOMAIN_LIMIT else None


@lru_cache(maxsize=4096)
def label_key(text: str) -> Reason:
    """The key of a label: a name, maybe after a DNS name and `/` (`IsQualifiedName`)."""
    prefix, slash, name = text.rpartition("/")
    if slash and (reason := subdomain(prefix)):
        return f"of what stands before `/`, {reason}"
    if not is_made_of(name, _IN_NAME, ALPHANUMERIC):
        return f"of what stands after `/`, {_OF_A_NAME}" if slash else _OF_A_NAME
    return f"its name has more than {_LABEL_LIMIT} characters" if len(name) > _LABEL_LIMIT else None


@lru_cache(maxsize=4096)
def annotation_key(text: str) -> Reason:
    """The key of an annotation: that of a label, of which the prefix may have capitals."""
    return label_key(text.lower())


@lru_cache(maxsize=4096)
def label_value(text: str) -> Reason:
    """The value of a label (`IsValidLabelValue`)."""
    if text and not is_made_of(text, _IN_NAME, ALPHANUMERIC):
        return f"{_OF_A_NAME}, or empty"
    return f"it has more than {_LABEL_LIMIT} characters" if len(text) > _LABEL_LIMIT else None
