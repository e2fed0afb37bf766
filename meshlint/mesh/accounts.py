"""Which identities exist, and who runs as which?

A pod's identity is its namespace and service account (`pkg/spiffe/spiffe.go`); what object of kind
ServiceAccount exists plays no part: pods of an account without an object simply do not start.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh import principals
from meshlint.mesh.nearness import Nearest
from meshlint.mesh.principals import Principal
from meshlint.mesh.references import EXISTS, Reference, found
from meshlint.mesh.trust import Sought

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.base import Resource

_CONTROL_PLANE = ("istio-ingressgateway", "istio-egressgateway", "istio-eastwestgateway", "istiod")
"""How the accounts begin that an installation of Istio brings, in whichever namespace."""

Account = tuple[str, str]
"""Namespace and name of a service account."""


class Accounts:
    """The service accounts that workloads run as."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._nearest: dict[str, Nearest] = {}
        self._nearest_names: dict[str, Nearest] = {}

    def workloads(self, namespace: str, account: str) -> Sequence[Workload]:
        """The workloads that run as an account."""
        return self._running.get((namespace, account), ())

    def of_namespace(self, namespace: str) -> Sequence[str]:
        """The accounts that workloads of a namespace run as, each once."""
        return self._by_namespace.get(namespace, ())

    def identity(self, workload: Workload) -> str | None:
        """The principal of a workload in the mesh's own trust domain; None for a machine without account."""
        if not workload.service_account:
            return None
        return Principal(self._mesh.settings.trust_domain, workload.namespace, workload.service_account).text

    def matching(self, principal: str) -> Sequence[Account]:
        """The accounts whose identity a principal of a policy matches, wildcards and trust domains as istiod has them.

        Costs the number of accounts found, not of those that exist.
        """
        settings = self._mesh.settings
        texts = principals.expand(principal, settings.trust_domain, settings.trust_domain_aliases)
        if len(texts) == 1:
            return self._matching(texts[0])
        return tuple(dict.fromkeys(account for text in texts for account in self._matching(text)))

    def runs_as(self, namespace: str, account: str, referrer: Resource) -> Reference:
        """Whether something runs as an account that `referrer` names; `found` are the resources that do.

        *Missing* needs evidence: a workload of the account's name exists there (`namesake`), but runs
        as another; or an account that is in use there differs by a slip of the hand (`near`). Unknown
        where pods may run there that no file shows.
        """
        running = self.workloads(namespace, account)
        if running:
            return found(*dict.fromkeys([item.resource for item in running]))
        if account.startswith(_CONTROL_PLANE):
            return EXISTS
        sought = Sought("ServiceAccount", namespace, account, referrer)
        if not self._mesh.workloads.readable(namespace) or self._may_move_here(namespace, account):
            return self._mesh.trust.unknown(sought)
        return self._mesh.trust.judge(
            sought,
            lambda: self._near(namespace, account),
            lambda: self.namesake(namespace, account) is not None,
        )

    def namesake(self, namespace: str, account: str) -> Workload | None:
        """A workload of the namespace that has the account's name, or nearly, or whose app it is."""
        exact = self._by_name.get((namespace, account))
        if exact is not None:
            return exact
        if namespace not in self._nearest_names:
            workloads = self._mesh.workloads.of(namespace)
            self._nearest_names[namespace] = Nearest(
                [item.name for item in workloads] + [item.app for item in workloads]
            )
        near = self._nearest_names[namespace].of(account)
        return self._by_name[namespace, near] if near else None

    def _near(self, namespace: str, account: str) -> str | None:
        if namespace not in self._nearest:
            self._nearest[namespace] = Nearest(self.of_namespace(namespace))
        return self._nearest[namespace].of(account)

    def _may_move_here(self, namespace: str, account: str) -> bool:
        """Whether a workload that says no namespace runs as the account: `kubectl -n` may bring it here."""
        default = self._mesh.context.namespace
        return namespace != default and any(
            item.resource.namespace is None for item in self.workloads(default, account)
        )

    def _matching(self, text: str) -> Sequence[Account]:
        identities = self._identities
        if text == "*":
            return tuple(identities.values())
        if text.startswith("*"):
            return _starting(self._reversed, text[:0:-1])
        if text.endswith("*"):
            return _starting(self._sorted, text[:-1])
        return (identities[text],) if text in identities else ()

    @cached_property
    def _running(self) -> Mapping[Account, list[Workload]]:
        index: dict[Account, list[Workload]] = {}
        for workload in self._mesh.workloads.all:
            if workload.service_account:
                index.setdefault((workload.namespace, workload.service_account), []).append(workload)
        return index

    @cached_property
    def _by_namespace(self) -> Mapping[str, list[str]]:
        index: dict[str, list[str]] = {}
        for namespace, account in self._running:
            index.setdefault(namespace, []).append(account)
        return index

    @cached_property
    def _by_name(self) -> Mapping[Account, Workload]:
        """Workloads by their name and by their app."""
        index: dict[Account, Workload] = {}
        for workload in self._mesh.workloads.all:
            index.setdefault((workload.namespace, workload.name), workload)
        for workload in self._mesh.workloads.all:
            index.setdefault((workload.namespace, workload.app), workload)
        return index

    @cached_property
    def _identities(self) -> Mapping[str, Account]:
        domain = self._mesh.settings.trust_domain
        return {Principal(domain, *account).text: account for account in self._running}

    @cached_property
    def _sorted(self) -> Sequence[tuple[str, Account]]:
        return sorted(self._identities.items())

    @cached_property
    def _reversed(self) -> Sequence[tuple[str, Account]]:
        return sorted((text[::-1], account) for text, account in self._identities.items())


def _starting(texts: Sequence[tuple[str, Account]], prefix: str) -> Sequence[Account]:
    position = bisect_left(texts, prefix, key=lambda item: item[0])
    matched: list[Account] = []
    while position < len(texts) and texts[position][0].startswith(prefix):
        matched.append(texts[position][1])
        position += 1
    return matched
