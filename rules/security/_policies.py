"""What rules about AuthorizationPolicies share: where a rule may write values of a field, and conditions on callers."""

from collections.abc import Iterator
from typing import Any

from meshlint.api import AuthorizationPolicy
from meshlint.model.security.authorization_policy import Source

Value = tuple[Any, str, int, str]
"""The message that holds a value, its field and index there, and the value."""

_OF_SOURCE = frozenset(Source.__struct_fields__)
_WHO = ("principals", "namespaces", "service_accounts", "trust_domains")
_IDENTITY_FIELDS = tuple(name for field in _WHO for name in (field, f"not_{field}"))
_IDENTITY_KEYS = frozenset({"source.principal", "source.namespace", "source.serviceAccount", "source.trustDomain"})


def values(policy: AuthorizationPolicy, fields: tuple[str, ...], key: str | None = None) -> list[Value]:
    """The values of fields of `source`, or of `operation`, and those of conditions with that key."""
    of_source = fields[0] in _OF_SOURCE
    found: list[Value] = []
    for entry in policy.rules:
        for message in entry.sources() if of_source else entry.operations():
            _add(found, message, fields)
        for condition in entry.when or ():
            if key is not None and condition.key == key:
                _add(found, condition, ("values", "not_values"))
    return found


def identities(policy: AuthorizationPolicy) -> Iterator[tuple[Any, str]]:
    """Every condition on who calls that needs mTLS: the message, and the field of it."""
    for entry in policy.rules:
        for source in entry.sources():
            for name in _IDENTITY_FIELDS:
                if getattr(source, name):
                    yield source, name
        for condition in entry.when or ():
            if condition.key in _IDENTITY_KEYS:
                yield condition, "key"


def _add(found: list[Value], message: Any, fields: tuple[str, ...]) -> None:
    for field in fields:
        texts = getattr(message, field)
        if texts:
            found += [(message, field, index, text) for index, text in enumerate(texts)]
