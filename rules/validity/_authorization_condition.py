"""Conditions of an AuthorizationPolicy: reference rows ap-when-*, ap-custom-when (`ValidateAttribute`)."""

from collections.abc import Callable

from meshlint.api import Target
from meshlint.model.security.authorization_policy import Condition
from meshlint.values import Reason
from meshlint.values.identities import ACCOUNTS_LIMIT, service_account, trust_domain_pattern
from meshlint.values.numbers import port_text

from ._authorization_source import address_or_range, ap_empty_value
from ._frame import Faults, fault, since, yaml_name

_MAPS = (
    "request.headers",
    "request.experimental.inline.headers",
    "request.auth.claims",
    "experimental.envoy.filters.",
)
_REPLACED = {
    "destination.namespace": "the policy holds in its own namespace",
    "destination.name": "it was one in v1alpha1 only",
    "destination.user": "it was one in v1alpha1 only",
}
_LABELS = "destination.labels"
_ACCOUNT, _TRUST_DOMAIN = "source.serviceAccount", "source.trustDomain"


def _anything(_: str) -> Reason:
    return None


_VALUES: dict[str, Callable[[str], Reason]] = {
    "source.ip": address_or_range,
    "remote.ip": address_or_range,
    "source.namespace": _anything,
    _ACCOUNT: service_account,
    "source.principal": _anything,
    _TRUST_DOMAIN: trust_domain_pattern,
    "request.auth.principal": _anything,
    "request.auth.audiences": _anything,
    "request.auth.presenter": _anything,
    "destination.ip": address_or_range,
    "destination.port": port_text,
    "connection.sni": _anything,
}
_RELEASES = {_ACCOUNT: "1.25", _TRUST_DOMAIN: "1.30"}
_CUSTOM = {"source.namespace": "1.20", _ACCOUNT: "1.25", "source.principal": "1.20", _TRUST_DOMAIN: "1.30"}


def condition(given: Condition, target: Target) -> Faults:
    """The key, then the values."""
    if not given.key:
        yield from ap_when_key(given)
    elif not given.values and not given.not_values:
        yield from ap_when_values(given)
    else:
        reason = _key_reason(given.key, target)
        if reason:
            yield from ap_when_unknown(given, reason)
        yield from ap_when_value(given)


def ap_when_key(given: Condition) -> Faults:
    """A key has to be there."""
    yield fault(
        given,
        "key",
        what="a condition without `key`",
        why="it says nothing about a request",
        help="write an attribute such as `request.headers[x-token]` or `source.ip`",
    )


def ap_when_values(given: Condition) -> Faults:
    """Values have to be there."""
    yield fault(
        given,
        what=f"condition `{given.key}` without values",
        why="it has neither `values` nor `notValues`",
        help="add `values`, or `notValues`",
    )


def ap_when_unknown(given: Condition, reason: str) -> Faults:
    """Rows ap-when-unknown, ap-when-replaced, ap-when-mapkey."""
    yield fault(
        given,
        "key",
        what=f"condition `{given.key}`",
        why=reason,
        help=f"write one of {', '.join(_VALUES)}, `request.headers[name]` or `request.auth.claims[name]`",
    )


def ap_when_value(given: Condition) -> Faults:
    """What each key takes; never an empty text."""
    key = given.key or ""
    check = _VALUES.get(key, _anything)
    for attribute in ("values", "not_values"):
        values = getattr(given, attribute) or ()
        if check is _anything:
            yield from ap_empty_value(given, attribute)
        if check is service_account and len(values) > ACCOUNTS_LIMIT:
            yield fault(
                given,
                attribute,
                what=f"{len(values)} service accounts in `{yaml_name(given, attribute)}`",
                why=f"{ACCOUNTS_LIMIT} are allowed",
                help="write a second rule, or use `source.namespace`",
            )
        for index, value in enumerate(values):
            reason = check(value)
            if reason:
                yield fault(
                    given,
                    attribute,
                    index,
                    what=f"`{value}` for `{key}`",
                    why=reason,
                    help=f"write what `{key}` can be",
                )


def ap_custom_when(given: Condition, target: Target) -> Faults:
    """CUSTOM decides before Istio knows identities and tokens."""
    key = given.key or ""
    release = _CUSTOM.get(key)
    if (release and since(target, release)) or key.startswith("request.auth."):
        yield fault(
            given,
            "key",
            what=f"condition `{key}` with action CUSTOM",
            why="a provider is asked before identities and tokens are known",
            help="use conditions on addresses, ports and headers, and leave the rest to the provider",
        )


def _key_reason(key: str, target: Target) -> Reason:
    if key.startswith(_MAPS):
        opening = key.find("[")
        fine = key.endswith("]") and 0 < opening < len(key) - 2
        return None if fine else "it has to name an entry in brackets, as in `request.headers[x-token]`"
    release = _RELEASES.get(key)
    if release is not None and not since(target, release):
        return f"it is an attribute since Istio {release}"
    if key in _VALUES:
        return None
    if key.startswith(_LABELS):
        return "workloads are picked by `selector`"
    return _REPLACED.get(key, "it is no attribute that Istio knows")
