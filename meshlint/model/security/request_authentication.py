"""RequestAuthentication: which tokens (JWT) a workload understands."""

from typing import Any

import msgspec

from meshlint.model.base import Message
from meshlint.model.selection import Duration, PolicyTargetReference, Selecting, WorkloadSelector, targets_of


class JWTHeader(Message, frozen=True):
    """A header that carries the token."""

    name: str | None = None
    prefix: str | None = None
    """Cut off before the token is read, as written: mind the blank of `Bearer `."""


class ClaimToHeader(Message, frozen=True):
    """Copies a claim of a valid token into a header of the request."""

    header: str | None = None
    claim: str | None = None
    """Nested claims are reached with dots."""


class JWTRule(Message, frozen=True):
    """One issuer and where its tokens are found."""

    issuer: str | None = None
    """The `iss` claim a token must have. May be absent since Istio 1.27: any."""
    audiences: tuple[str, ...] | None = None
    """One of them must be in the token; absent: the audience is not looked at."""
    jwks_uri: str | None = None
    """Where istiod fetches the keys. Without `jwks` and this it asks the issuer's OpenID discovery."""
    jwks_uri_snake: str | None = msgspec.field(name="jwks_uri", default=None)
    """`jwks_uri`, another spelling of `jwksUri` that the schema takes."""
    jwks: str | None = None
    """The keys themselves."""
    from_headers: tuple[JWTHeader, ...] | None = None
    """With no `from_` field at all: `Authorization: Bearer ` and the query parameter `access_token`."""
    from_params: tuple[str, ...] | None = None
    from_cookies: tuple[str, ...] | None = None
    output_payload_to_header: str | None = None
    """The header that receives the payload, base64url."""
    output_claim_to_headers: tuple[ClaimToHeader, ...] | None = None
    forward_original_token: bool | None = None
    """False if absent: the token is removed from the request."""
    timeout: Duration | None = None
    """Of fetching the keys; 5 s if absent."""
    space_delimited_claims: tuple[str, ...] | None = None


class RequestAuthenticationSpec(Message, frozen=True):
    """What a RequestAuthentication says."""

    selector: WorkloadSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh."""
    target_ref: PolicyTargetReference | None = None
    """The singular form of `target_refs`."""
    target_refs: tuple[PolicyTargetReference, ...] | None = None
    jwt_rules: tuple[JWTRule, ...] | None = None

    @property
    def targets(self) -> tuple[PolicyTargetReference, ...]:
        """`target_ref` and `target_refs` together."""
        return targets_of(self.target_ref, self.target_refs)


class RequestAuthentication(Selecting, frozen=True):
    """Refuses requests with an invalid token. One *without* a token passes: only a policy can ask for one."""

    spec: RequestAuthenticationSpec | None = None
    status: Any = None
