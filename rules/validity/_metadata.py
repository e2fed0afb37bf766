"""What Kubernetes' API server refuses of the metadata of any object."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import msgspec

from meshlint.api import Findings, Resource, at, finding
from meshlint.mesh.placeholders import is_placeholder
from meshlint.model.base import ObjectMeta
from meshlint.model.kinds import group_of, is_namespaced
from meshlint.values import Reason
from meshlint.values.objects import (
    ANNOTATIONS_LIMIT,
    annotation_key,
    dns_label,
    label_key,
    label_value,
    subdomain,
)

_LABEL_NAMES = {("", "Namespace"), ("", "Service")}
"""Kinds whose name is one DNS label. Whether that of a Service may begin with a digit depends on the
cluster (`RelaxedServiceNameValidation`)."""

_NAMED_OTHERWISE = {("apiregistration.k8s.io", "APIService")}
"""An APIService is called after its version and group: `v1.` is one."""

_OFTEN_NAMELESS = {("", "Pod")}
"""Kinds of which files without a name are common: CI systems and schedulers take a Pod as a template."""

_NOT_APPLIED = {("install.istio.io", "IstioOperator")}
"""Input of istioctl, which the API server never sees."""

_NO_METADATA = ObjectMeta()


def metadata(resource: Resource) -> Findings:
    """Name, namespace, labels and annotations of a kind that meshlint knows; nothing of other kinds."""
    names = _names_of(resource.api_version, resource.kind)
    if names is None:
        return
    given = resource.metadata or _NO_METADATA
    if not given.name:
        yield from _nameless(resource, names)
    elif names.refuses is not None and (reason := names.refuses(given.name)):
        yield from _field(resource, "name", given.name, reason)
    if given.namespace and names.is_namespaced and (reason := dns_label(given.namespace)):
        yield from _field(resource, "namespace", given.namespace, reason)
    labels, annotations = given.labels, given.annotations
    if labels and (any(map(label_key, labels)) or any(map(label_value, labels.values()))):
        yield from _labels(resource, labels)
    if annotations:
        if any(map(annotation_key, annotations)):
            yield from _annotation_keys(resource, annotations)
        if sum(map(len, annotations)) + sum(map(len, annotations.values())) > ANNOTATIONS_LIMIT // 4:
            yield from _annotations_size(resource, annotations)


class _Names(msgspec.Struct, frozen=True, eq=False):
    """What the names of a kind are."""

    is_namespaced: bool
    refuses: Callable[[str], Reason] | None
    """Why a text is no name; None for a kind that is named by a rule of its own."""
    may_lack: bool


@lru_cache(maxsize=256)
def _names_of(api_version: str, kind: str) -> _Names | None:
    """The same for every object of a kind; None for a kind that meshlint does not know, or that nobody applies."""
    key = group_of(api_version), kind
    namespaced = is_namespaced(*key)
    if namespaced is None or key in _NOT_APPLIED:
        return None
    refuses = None if key in _NAMED_OTHERWISE else dns_label if key in _LABEL_NAMES else subdomain
    return _Names(namespaced, refuses, key in _OFTEN_NAMELESS)


def _nameless(resource: Resource, names: _Names) -> Findings:
    if not names.may_lack and not (resource.metadata and resource.metadata.generate_name):
        yield finding(
            at(resource, None, "metadata"),
            f"this {resource.kind} has no name: the API server refuses it",
            help="set `metadata.name`, or `metadata.generateName`",
        )


def _field(resource: Resource, field: str, text: str, reason: str) -> Findings:
    if not is_placeholder(text):
        yield finding(
            at(resource, None, "metadata", field),
            f"the API server refuses {resource.kind} with `{field}: {text}`: {reason}",
            help="write a name such as `shop-1`",
        )


def _labels(resource: Resource, labels: Mapping[str, str]) -> Findings:
    for key, value in labels.items():
        if reason := label_key(key):
            what = f"the label key `{key}`"
        elif reason := label_value(value):
            what = f"the value `{value}` of label `{key}`"
        if reason and not is_placeholder(key) and not is_placeholder(value):
            yield finding(
                at(resource, None, "metadata", "labels", key),
                f"the API server refuses {what}: {reason}",
                help="write a short word to select by; free text belongs into an annotation",
            )


def _annotation_keys(resource: Resource, annotations: Mapping[str, str]) -> Findings:
    for key in annotations:
        reason = annotation_key(key)
        if reason and not is_placeholder(key):
            yield finding(
                at(resource, None, "metadata", "annotations", key),
                f"the API server refuses the annotation key `{key}`: {reason}",
                help="write a name, maybe after a domain name and `/`",
            )


def _annotations_size(resource: Resource, annotations: Mapping[str, str]) -> Findings:
    size = sum(len(text.encode("utf-8", "replace")) for entry in annotations.items() for text in entry)
    if size > ANNOTATIONS_LIMIT:
        yield finding(
            at(resource, None, "metadata", "annotations"),
            f"the API server refuses annotations of {size} bytes: all together may have {ANNOTATIONS_LIMIT}",
            help="keep long texts in a ConfigMap",
        )
