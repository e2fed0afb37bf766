"""Sources of an AuthorizationPolicy: reference rows ap-source-*, ap-ip, ap-sa-*, ap-td-*, ap-custom-source."""

from collections.abc import Sequence
from itertools import compress
from operator import attrgetter

import msgspec

from meshlint.api import Target
from meshlint.model.security.authorization_policy import Source
from meshlint.values import Reason
from meshlint.values.addresses import cidr, ip
from meshlint.values.identities import ACCOUNTS_LIMIT, service_account, trust_domain_pattern

from ._frame import Faults, fault, since, yaml_name

_LISTS = Source.__struct_fields__
_values_of = attrgetter(*_LISTS)
_ADDRESSES = ("ip_blocks", "not_ip_blocks", "remote_ip_blocks", "not_remote_ip_blocks")
_ACCOUNTS = ("service_accounts", "not_service_accounts")
_TRUST_DOMAINS = ("trust_domains", "not_trust_domains")
_NAMES = ("principals", "not_principals", "request_principals", "not_request_principals")
_NAMESPACES = ("namespaces", "not_namespaces")
_TEXTS = frozenset({*_NAMES, *_NAMESPACES})


def source(given: Source, target: Target) -> Faults:
    """The fields of a source."""
    written = list(compress(_LISTS, _values_of(given)))
    if not written:
        yield from ap_source_empty(given)
    for attribute in written:
        if attribute in _TEXTS and "" in getattr(given, attribute):
            yield from ap_empty_value(given, attribute)
    if not _TEXTS.issuperset(written):
        yield from _beside_texts(given, written, target)


def _beside_texts(given: Source, written: Sequence[str], target: Target) -> Faults:
    """The fields whose values have a form."""
    accounts = [attribute for attribute in _ACCOUNTS if attribute in written]
    if accounts:
        yield from ap_sa_with_ns(given, accounts[0])
    for attribute in _ADDRESSES:
        if attribute in written:
            yield from ap_ip(given, attribute, getattr(given, attribute))
    for attribute in accounts:
        yield from ap_sa_count(given, attribute, getattr(given, attribute))
        yield from ap_sa_format(given, attribute, getattr(given, attribute))
    for attribute in _TRUST_DOMAINS:
        if attribute in written and since(target, "1.30"):
            yield from ap_td_format(given, attribute, getattr(given, attribute))


def ap_sa_with_ns(given: Source, accounts: str) -> Faults:
    """A service account is a principal of a namespace, so it does not stand beside these; since 1.25."""
    others = [name for name in ("principals", "not_principals", *_NAMESPACES) if getattr(given, name)]
    if others:
        yield fault(
            given,
            accounts,
            what=f"`{yaml_name(given, accounts)}` beside `{yaml_name(given, others[0])}`",
            why="a service account says namespace and principal already",
            help=f"keep one of them; write `namespace/name` in `{yaml_name(given, accounts)}` for another namespace",
        )


def ap_source_empty(given: Source) -> Faults:
    """A source that says nothing."""
    yield fault(
        given,
        what="an empty `source`",
        why="it has to say something",
        help="add `principals`, `namespaces`, `ipBlocks` or the like, or leave `from` out for any caller",
    )


def ap_ip(given: Source, attribute: str, blocks: Sequence[str]) -> Faults:
    """IP addresses and ranges."""
    for index, block in enumerate(blocks):
        reason = address_or_range(block)
        if reason:
            yield fault(
                given,
                attribute,
                index,
                what=f"`{block}` in `{yaml_name(given, attribute)}`",
                why=reason,
                help="write an IP address such as `203.0.113.4`, or a range such as `10.0.0.0/8`",
            )


def address_or_range(text: str) -> Reason:
    """With a `/` a range, else an address (`ValidateIPs`)."""
    return cidr(text) if "/" in text else ip(text)


def ap_empty_value(holder: msgspec.Struct, attribute: str) -> Faults:
    """No empty texts; istiod names one per list."""
    values: Sequence[str] = getattr(holder, attribute) or ()
    if "" in values:
        yield fault(
            holder,
            attribute,
            values.index(""),
            what=f"an empty text in `{yaml_name(holder, attribute)}`",
            why="it matches nothing",
            help="write a value, or `*` for any that is not empty",
        )


def ap_sa_count(given: Source, attribute: str, accounts: Sequence[str]) -> Faults:
    """At most 16; since 1.25."""
    if len(accounts) > ACCOUNTS_LIMIT:
        yield fault(
            given,
            attribute,
            what=f"{len(accounts)} entries in `{yaml_name(given, attribute)}`",
            why=f"{ACCOUNTS_LIMIT} are allowed",
            help="write a second entry of `from`, or use `namespaces`",
        )


def ap_sa_format(given: Source, attribute: str, accounts: Sequence[str]) -> Faults:
    """`name` or `namespace/name`; since 1.25."""
    for index, account in enumerate(accounts):
        reason = service_account(account)
        if reason:
            yield fault(
                given,
                attribute,
                index,
                what=f"service account `{account}`",
                why=reason,
                help="write `name` or `namespace/name`; patterns go into `principals`",
            )


def ap_td_format(given: Source, attribute: str, domains: Sequence[str]) -> Faults:
    """A name, maybe with one `*` at an end; since 1.30."""
    for index, domain in enumerate(domains):
        reason = trust_domain_pattern(domain)
        if reason:
            yield fault(
                given,
                attribute,
                index,
                what=f"trust domain `{domain}`",
                why=reason,
                help="write a trust domain such as `cluster.local`, `*.example.com` or `prod-*`",
            )


def ap_custom_source(given: Source, target: Target) -> Faults:
    """CUSTOM decides before Istio knows identities; trust domains count since 1.30."""
    known = (*_NAMESPACES, *_ACCOUNTS, *_NAMES, *(_TRUST_DOMAINS if since(target, "1.30") else ()))
    for attribute in known:
        if getattr(given, attribute):
            yield fault(
                given,
                attribute,
                what=f"`{yaml_name(given, attribute)}` with action CUSTOM",
                why="a provider is asked by addresses and operations only",
                help="use `ipBlocks` and `to`, and leave the rest to the provider or to a policy of its own",
            )
