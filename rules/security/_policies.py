"""What rules about AuthorizationPolicies share: every value of a field, wherever a rule may write it."""

from collections.abc import Iterator
from typing import Any

from meshlint.api import AuthorizationPolicy

Value = tuple[Any, str, int, str]
"""The message that holds a value, its field and index there, and the value."""


def values(policy: AuthorizationPolicy, fields: tuple[str, ...], key: str | None = None) -> Iterator[Value]:
    """The values of fields of `source` or `operation`, and those of conditions with that key."""
    for entry in policy.rules:
        for message in (*entry.sources(), *entry.operations()):
            yield from _listed(message, fields)
        for condition in entry.when or ():
            if key is not None and condition.key == key:
                yield from _listed(condition, ("values", "not_values"))


def _listed(message: Any, fields: tuple[str, ...]) -> Iterator[Value]:
    for field in fields:
        for index, text in enumerate(getattr(message, field, None) or ()):
            yield message, field, index, text
