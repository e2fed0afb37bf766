"""Which rules of policies take all that another takes, and which can take nothing?

Only what the text alone proves: every answer *yes* is sure, *no* may mean that it was not seen.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from meshlint.mesh.authorization_rules import http_parts
from meshlint.mesh.principals import parse
from meshlint.model.security.authorization_policy import Condition, Operation, Rule, Source

Message = Source | Operation | Condition

_ADDRESSES = frozenset({"ip_blocks", "remote_ip_blocks", "source.ip", "remote.ip", "destination.ip"})
_PRINCIPALS = frozenset({"principals", "source.principal"})


def is_empty(rule: Rule) -> bool:
    """Whether a rule matches everything."""
    return not (rule.from_ or rule.to or rule.when)


def covers(wide: Rule, narrow: Rule) -> bool:
    """Whether a rule matches whatever the other matches.

    A rule of ALLOW with a condition on requests, in whichever of its entries, is left out as a whole on
    connections without them, so that it covers no rule that is about connections too.
    """
    if _is_for_requests(wide) and not _is_for_requests(narrow):
        return False
    sources = _entries_cover(
        [entry.source for entry in wide.from_ or ()], [entry.source for entry in narrow.from_ or ()]
    )
    calls = _entries_cover([entry.operation for entry in wide.to or ()], [entry.operation for entry in narrow.to or ()])
    if not (sources and calls):
        return False
    return all(
        any(given.key == condition.key and _covers(condition, given) for given in narrow.when or ())
        for condition in wide.when or ()
    )


def contradictions(rule: Rule) -> Iterator[tuple[Message, str, str]]:
    """Parts of a rule that no request fulfils: the message, the field of it, and why."""
    for source in rule.sources():
        if any(_excluded_callers(source)):
            yield from _self_contradictions(source)
        if source.namespaces and source.principals:
            yield from _homeless(source)
    for operation in rule.operations():
        if any(_excluded_calls(operation)):
            yield from _self_contradictions(operation)
        if operation.ports and rule.when:
            yield from _unmet_ports(operation, rule)
    for condition in rule.when or ():
        if condition.not_values:
            yield from _self_contradictions(condition)


def _is_for_requests(rule: Rule) -> bool:
    return any(True for _ in http_parts(rule))


def _entries_cover(wide: Sequence[Any], narrow: Sequence[Any]) -> bool:
    """Alternatives: each of the narrow rule's is covered by one of the wide rule's; none at all is everything."""
    if not wide:
        return True
    return bool(narrow) and all(any(_covers(entry, given) for entry in wide) for given in narrow)


def _covers(wide: Message | None, narrow: Message | None) -> bool:
    """Whether a message matches whatever the other of its type matches."""
    if wide is None or narrow is None:
        return wide is None
    for field, inverse in _pairs(type(wide)):
        texts, given = getattr(wide, field), getattr(narrow, field)
        if texts and not (given and all_covered(given, texts, _name(wide, field))):
            return False
        excluded, also = getattr(wide, inverse), getattr(narrow, inverse)
        if excluded and not (also and all_covered(excluded, also, _name(wide, field))):
            return False
    return True


@cache
def _pairs(kind: type[Message]) -> tuple[tuple[str, str], ...]:
    """Every field of a kind of message with the field that excludes."""
    names = kind.__struct_fields__
    return tuple((field, f"not_{field}") for field in names if f"not_{field}" in names)


_excluded_callers = attrgetter(*(inverse for _, inverse in _pairs(Source)))
_excluded_calls = attrgetter(*(inverse for _, inverse in _pairs(Operation)))


def _name(message: Any, field: str) -> str:
    return message.key or "" if isinstance(message, Condition) else field


def all_covered(narrow: Sequence[str], wide: Sequence[str], name: str) -> bool:
    """Whether each text of a field matches only what one of the others matches; `name` is the field or key."""
    test = _address_covers if name in _ADDRESSES else _text_covers
    fold: Callable[[str], str] = str.lower if name == "hosts" else str
    known = set(map(fold, wide))
    patterns = [text for text in known if "*" in text or name in _ADDRESSES]
    if name in _PRINCIPALS:  # istiod writes a whole principal for each alias of its trust domain, a beginning as it is
        patterns = [text for text in patterns if text.startswith("*")]
    return all(text in known or any(test(pattern, text) for pattern in patterns) for text in map(fold, narrow))


def _text_covers(wide: str, narrow: str) -> bool:
    if wide == "*":
        return True
    if wide.startswith("*"):
        return not narrow.endswith("*") and narrow.endswith(wide[1:])
    return wide.endswith("*") and not narrow.startswith("*") and narrow.startswith(wide[:-1])


def _address_covers(wide: str, narrow: str) -> bool:
    from ipaddress import ip_network

    try:
        outer, inner = ip_network(wide, strict=False), ip_network(narrow, strict=False)
    except ValueError:
        return False
    return outer.version == inner.version and int(outer.network_address) <= int(inner.network_address) <= int(
        inner.broadcast_address
    ) <= int(outer.broadcast_address)


def _self_contradictions(message: Message) -> Iterator[tuple[Message, str, str]]:
    """All values of a field are excluded by its `not` field."""
    for field, inverse in _pairs(type(message)):
        excluded = getattr(message, inverse)
        texts = excluded and getattr(message, field)
        if texts and all_covered(texts, excluded, _name(message, field)):
            yield message, field, "everything in it is excluded beside it"


def _homeless(source: Source) -> Iterator[tuple[Message, str, str]]:
    """Principals of other namespaces than the source asks for."""
    if not source.namespaces or not source.principals or any("*" in name for name in source.namespaces):
        return
    principals = [parse(text) for text in source.principals]
    homes = [item.namespace if item else "*" for item in principals]
    if not any("*" in home or home in source.namespaces for home in homes):
        yield source, "namespaces", "none of its principals lives in one of these namespaces"


def _unmet_ports(operation: Operation, rule: Rule) -> Iterator[tuple[Message, str, str]]:
    """Ports that a condition on `destination.port` leaves out."""
    for condition in rule.when or ():
        wanted = condition.values if condition.key == "destination.port" else None
        if wanted and operation.ports and not set(operation.ports) & set(wanted):
            yield operation, "ports", "the condition on `destination.port` names other ports"
