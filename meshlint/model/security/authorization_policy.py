"""AuthorizationPolicy: who may call what."""

from typing import Any

import msgspec

from meshlint.model.base import Message
from meshlint.model.selection import PolicyTargetReference, Selecting, WorkloadSelector, targets_of


class Source(Message, frozen=True):
    """Who calls. All fields given must hold; of the values of one field one suffices.

    Values may be exact, `prefix*`, `*suffix` or `*` (present). All but the addresses and the request
    principals need mTLS: over plain text nothing of them is known.
    """

    principals: tuple[str, ...] | None = None
    """`<trust domain>/ns/<namespace>/sa/<service account>`, without `spiffe://`."""
    not_principals: tuple[str, ...] | None = None
    request_principals: tuple[str, ...] | None = None
    """`<issuer>/<subject>` of the token; needs a RequestAuthentication."""
    not_request_principals: tuple[str, ...] | None = None
    namespaces: tuple[str, ...] | None = None
    not_namespaces: tuple[str, ...] | None = None
    service_accounts: tuple[str, ...] | None = None
    """`<namespace>/<name>`, or a name of the policy's namespace; no wildcards. Since Istio 1.25."""
    not_service_accounts: tuple[str, ...] | None = None
    trust_domains: tuple[str, ...] | None = None
    not_trust_domains: tuple[str, ...] | None = None
    ip_blocks: tuple[str, ...] | None = None
    """Addresses or CIDR ranges of the peer of the connection."""
    not_ip_blocks: tuple[str, ...] | None = None
    remote_ip_blocks: tuple[str, ...] | None = None
    """Addresses or CIDR ranges of the original client, from X-Forwarded-For or the PROXY protocol."""
    not_remote_ip_blocks: tuple[str, ...] | None = None


class Operation(Message, frozen=True):
    """What is called. Only `ports` works on TCP: there an ALLOW rule with another field never matches."""

    hosts: tuple[str, ...] | None = None
    """Compared without regard to case."""
    not_hosts: tuple[str, ...] | None = None
    ports: tuple[str, ...] | None = None
    """Ports of the *workload*, as texts."""
    not_ports: tuple[str, ...] | None = None
    methods: tuple[str, ...] | None = None
    """Upper case; for gRPC always `POST`."""
    not_methods: tuple[str, ...] | None = None
    paths: tuple[str, ...] | None = None
    """Exact, `prefix*`, `*suffix`, or a template with `{*}` and `{**}`. For gRPC `/package.Service/Method`."""
    not_paths: tuple[str, ...] | None = None


class From(Message, frozen=True):
    """Wraps a source."""

    source: Source | None = None


class To(Message, frozen=True):
    """Wraps an operation."""

    operation: Operation | None = None


class Condition(Message, frozen=True):
    """A further condition on an attribute of the request."""

    key: str | None = None
    """`request.headers[name]`, `request.auth.claims[name]`, `source.ip`, `destination.port`, `connection.sni` ..."""
    values: tuple[str, ...] | None = None
    not_values: tuple[str, ...] | None = None


class Rule(Message, frozen=True):
    """Matches where one of `from_`, one of `to` and all of `when` match; what is absent matches all."""

    from_: tuple[From, ...] | None = msgspec.field(name="from", default=None)
    to: tuple[To, ...] | None = None
    when: tuple[Condition, ...] | None = None

    def sources(self) -> list[Source]:
        """Every source that is written; an entry without one matches all callers."""
        return [entry.source for entry in self.from_ if entry.source] if self.from_ else []

    def operations(self) -> list[Operation]:
        """Every operation that is written; an entry without one matches all calls."""
        return [entry.operation for entry in self.to if entry.operation] if self.to else []


class ExtensionProvider(Message, frozen=True):
    """The authorizer of a CUSTOM policy: a name of mesh config's `extensionProviders`."""

    name: str | None = None


class AuthorizationPolicySpec(Message, frozen=True):
    """What an AuthorizationPolicy says."""

    selector: WorkloadSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh."""
    target_ref: PolicyTargetReference | None = None
    """The singular form of `target_refs`."""
    target_refs: tuple[PolicyTargetReference, ...] | None = None
    rules: tuple[Rule, ...] | None = None
    """Absent or empty matches nothing: with ALLOW it denies everything. `[{}]` matches everything."""
    action: str | None = None
    """`ALLOW` (the default), `DENY`, `AUDIT` or `CUSTOM`. CUSTOM is tried first, then DENY, then ALLOW."""
    provider: ExtensionProvider | None = None
    """For CUSTOM only."""

    @property
    def targets(self) -> tuple[PolicyTargetReference, ...]:
        """`target_ref` and `target_refs` together."""
        return targets_of(self.target_ref, self.target_refs)


class AuthorizationPolicy(Selecting, frozen=True):
    """Allows or denies requests."""

    spec: AuthorizationPolicySpec | None = None
    status: Any = None

    @property
    def action(self) -> str:
        """The action, `ALLOW` where none is written."""
        return (self.spec.action if self.spec else None) or "ALLOW"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as written."""
        return self.spec.rules or () if self.spec else ()
