"""Who a caller is, in policies: service accounts, trust domains."""

from functools import lru_cache

from meshlint.values import Reason

ACCOUNTS_LIMIT = 16
"""Service accounts in one list (`CheckServiceAccount`)."""

_ACCOUNT_LIMIT = 320


@lru_cache(maxsize=4096)
def service_account(text: str) -> Reason:
    """`name`, of the policy's namespace, or `namespace/name`, without wildcards (`CheckServiceAccount`)."""
    if not text:
        return "it is empty"
    if "*" in text:
        return "service accounts have no wildcards"
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > _ACCOUNT_LIMIT:
        return f"it has {size} characters, of which {_ACCOUNT_LIMIT} are allowed"
    namespace, slash, name = text.partition("/")
    if "/" in name:
        return "it has more than one `/`"
    if slash and not (namespace and name):
        return f"its {'name' if namespace else 'namespace'} is empty"
    return None


@lru_cache(maxsize=4096)
def trust_domain_pattern(text: str) -> Reason:
    """A trust domain, with at most one `*`, at an end of it (`CheckTrustDomain`)."""
    if not text:
        return "it is empty"
    if "/" in text:
        return "a trust domain has no `/`"
    if text.count("*") > 1:
        return "it has more than one `*`"
    return "a `*` may only be its first or last character" if "*" in text[1:-1] else None
