"""Principals: the identities of workloads as policies write them.

An identity is `<trust domain>/ns/<namespace>/sa/<service account>`; in certificates `spiffe://`
stands before it, in policies it must not (`pkg/spiffe/spiffe.go`). How a policy's text is compared is
decided by `pilot/pkg/security/authz/matcher/string.go` (StringMatcherWithPrefix) and
`pilot/pkg/security/trustdomain/bundle.go` (ReplaceTrustDomainAliases).
"""

from collections.abc import Iterable

import msgspec

SCHEME = "spiffe://"
LOCAL = "cluster.local"
"""In a policy a pointer to the mesh's own trust domain and its aliases, whatever they are called."""


class Principal(msgspec.Struct, frozen=True):
    """An identity, taken apart. Each part may hold the wildcard that the text had."""

    trust_domain: str
    namespace: str
    account: str

    @property
    def text(self) -> str:
        """The identity as policies write it."""
        return f"{self.trust_domain}/ns/{self.namespace}/sa/{self.account}"

    @property
    def is_exact(self) -> bool:
        """Whether it names one identity, without any wildcard."""
        return "*" not in self.text


def parse(text: str) -> Principal | None:
    """Take an identity apart, with or without `spiffe://`; None for any other form."""
    parts = text.removeprefix(SCHEME).split("/")
    if len(parts) != 5 or parts[1] != "ns" or parts[3] != "sa" or "" in parts:
        return None
    return Principal(parts[0], parts[2], parts[4])


def is_well_formed(text: str) -> bool:
    """Whether a principal of a policy can match an identity that Istio gives.

    It has the whole form, or a wildcard at one end that leaves room for the form: `*`, `td/ns/x/*`,
    `*/sa/y`. Elsewhere than at one end a `*` is a plain character.
    """
    if text.startswith(SCHEME):
        return False
    if "*" not in text:
        return parse(text) is not None
    if text == "*":
        return True
    if text.startswith("*"):
        return "*" not in text[1:] and _ends_an_identity(text[1:])
    return text.find("*") == len(text) - 1 and _starts_an_identity(text[:-1])


def matches(pattern: str, identity: str) -> bool:
    """Whether a policy's text matches an identity: exact, `prefix*`, `*suffix`, or `*` (any at all)."""
    if pattern == "*":
        return bool(identity)
    if pattern.startswith("*"):
        return identity.endswith(pattern[1:])
    if pattern.endswith("*"):
        return identity.startswith(pattern[:-1])
    return identity == pattern


def expand(text: str, trust_domain: str, aliases: Iterable[str]) -> tuple[str, ...]:
    """The texts that istiod makes of a principal: one for each name of the mesh's own trust domain.

    Only where the principal's trust domain is one of them, or `cluster.local`; others stay as they are.
    """
    parts = text.split("/")
    own = (trust_domain, *aliases)
    if len(parts) != 5 or parts[0] == "*":
        return (text,)
    written = parts[0]
    if written != LOCAL and not any(matches(written, domain) for domain in own):
        return (text,)
    rest = "/".join(parts[1:])
    if "*" in written:
        own = tuple(written if written.startswith("*") and matches(written, domain) else domain for domain in own)
    return tuple(dict.fromkeys([f"{name}/{rest}" for name in own]))


def _starts_an_identity(text: str) -> bool:
    """Whether some identity starts with a text: `td`, `td/ns/x`, `td/ns/x/sa/y`."""
    parts = text.split("/")
    wanted = (None, "ns", None, "sa", None)
    if len(parts) > 5 or not parts[0]:
        return False
    whole = zip(parts[:-1], wanted, strict=False)
    last = wanted[len(parts) - 1]
    return all(part == fixed if fixed else bool(part) for part, fixed in whole) and (
        last is None or last.startswith(parts[-1])
    )


def _ends_an_identity(text: str) -> bool:
    """Whether some identity ends with a text: `/sa/y`, `y`, `/ns/x/sa/y`."""
    parts = text.split("/")[::-1]
    wanted = (None, "sa", None, "ns", None)
    if len(parts) > 5 or not parts[0]:
        return False
    whole = zip(parts[:-1], wanted, strict=False)
    last = wanted[len(parts) - 1]
    return all(part == fixed if fixed else bool(part) for part, fixed in whole) and (
        last is None or last.endswith(parts[-1])
    )
