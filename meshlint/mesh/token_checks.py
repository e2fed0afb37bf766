"""Which workloads check tokens: the RequestAuthentications in force for them?

Decided by `pilot/pkg/model/authentication.go` (GetJwtPoliciesForWorkload): policies of the pod's
namespace and of the root namespace that select it, or select nothing in particular.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.selectors import matches
from meshlint.model.base import Opaque
from meshlint.model.security.request_authentication import RequestAuthentication

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.networking.gateway import Gateway

_KIND = "RequestAuthentication"


class TokenChecks:
    """RequestAuthentications by what they guard."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._of_workload: dict[Workload, Answer] = {}

    def of_gateway(self, gateway: Gateway) -> Answer:
        """Whether every pod of a Gateway checks tokens. NO: some pod surely does not.

        Unknown where no file shows the pods, or where the files hold no RequestAuthentication at all
        that could show how they are kept (except with `--scope complete`).
        """
        answers = [self.of_workload(item) for item in self._mesh.gateway_workloads.of(gateway)]
        if not answers:
            return Answer.UNKNOWN
        return next((answer for answer in (Answer.NO, Answer.UNKNOWN) if answer in answers), Answer.YES)

    def of_workload(self, workload: Workload) -> Answer:
        """Whether a workload checks tokens."""
        if workload not in self._of_workload:
            self._of_workload[workload] = self._judge(workload)
        return self._of_workload[workload]

    def is_shown(self, namespace: str) -> bool:
        """Whether the files show how RequestAuthentications of a namespace are kept: some of its own are there."""
        return self._mesh.context.scope is Scope.COMPLETE or namespace in self._by_namespace

    def _judge(self, workload: Workload) -> Answer:
        root = self._mesh.settings.root_namespace
        policies = [*self._by_namespace.get(workload.namespace, ()), *self._by_namespace.get(root, ())]
        if any(self._selects(policy, workload) for policy in policies):
            return Answer.YES
        if self._mesh.context.scope is Scope.COMPLETE:
            return Answer.NO
        known = bool(self._by_namespace) and not self._has_unread and self._mesh.context.scope is not Scope.PARTIAL
        return Answer.NO if known else Answer.UNKNOWN

    def _selects(self, policy: RequestAuthentication, workload: Workload) -> bool:
        spec = policy.spec
        if spec is None or spec.targets:
            return False
        return matches(spec.selector, workload.labels) is Answer.YES

    @cached_property
    def _has_unread(self) -> bool:
        """Whether some policy could not be read, or something hides policies that would count."""
        unread = any(item.kind == _KIND for item in self._mesh.all(Opaque))
        return unread or bool(self._mesh.context.template_folders) or self._has_loose

    @cached_property
    def _has_loose(self) -> bool:
        """Whether `kubectl -n` may put a policy into the namespace of the pods."""
        return any(policy.namespace is None for policy in self._mesh.all(RequestAuthentication))

    @cached_property
    def _by_namespace(self) -> dict[str, Sequence[RequestAuthentication]]:
        index: dict[str, list[RequestAuthentication]] = {}
        for policy in self._mesh.all(RequestAuthentication):
            for namespace in self._mesh.homes(policy):
                index.setdefault(namespace, []).append(policy)
        return dict(index)
