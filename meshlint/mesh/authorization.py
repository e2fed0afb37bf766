"""May this request reach that workload, and which rule of which policy decides?

Istio asks CUSTOM policies first, then DENY, then ALLOW
(https://istio.io/latest/docs/concepts/security/#implicit-enablement): a rule of DENY that matches
refuses, and where any ALLOW policy is in force one of its rules has to match. Whom a policy is
about is decided by `pilot/pkg/model/authorization.go` and `policyattachment.go`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.authorization_rules import Request, Surroundings, match
from meshlint.mesh.context import Scope
from meshlint.model.base import Opaque, Resource
from meshlint.model.security.authorization_policy import AuthorizationPolicy, Rule

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload

_Labels = tuple[tuple[str, str], ...]

_DRY_RUN = "istio.io/dry-run"
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})


class Decision(msgspec.Struct, frozen=True, eq=False):
    """What becomes of a request, and why."""

    allowed: Answer
    policy: AuthorizationPolicy | None = None
    """The policy that decides, or on which it hangs; None where no policy speaks about it: without
    any ALLOW policy it passes, with some that do not match it is refused."""
    rule: Rule | None = None
    """The rule of that policy that matches, or may match."""


class Authorization:
    """The AuthorizationPolicies of the mesh, by what they are about. Those that only try are left out."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._workloads: dict[AuthorizationPolicy, Sequence[Workload]] = {}
        self._picked: dict[tuple[tuple[str, ...], _Labels], Sequence[Workload]] = {}

    def decide(self, workload: Workload, request: Request) -> Decision:
        """Whether a workload takes a request, as far as the policies of these files tell."""
        return self.judge(self.of_workload(workload), request)

    def of_workload(self, workload: Workload) -> Sequence[AuthorizationPolicy]:
        """The policies in force for a workload: those of the root namespace, then those of its own.

        A sidecar takes no notice of a policy with `targetRefs`; a waypoint of nothing else.
        """
        if self._mesh.injection.waypoint(workload):
            return ()
        namespaces = dict.fromkeys((self._mesh.settings.root_namespace, workload.namespace))
        wide = [policy for namespace in namespaces for policy in self._wide.get(namespace, ())]
        return [*wide, *self._selecting.get(workload, ())]

    def of_target(self, target: Resource) -> Sequence[AuthorizationPolicy]:
        """The policies that name a Gateway, Service or ServiceEntry by `targetRefs`."""
        found = [
            policy
            for namespace, name in sorted(self._mesh.identities(target))
            for policy in self._attached.get((target.kind, namespace, name), ())
        ]
        return list(dict.fromkeys(found))

    def has_policy(self, workload: Workload) -> bool:
        """Whether any policy is in force for a workload."""
        wide = workload.namespace in self._wide or self._mesh.settings.root_namespace in self._wide
        return (wide or workload in self._selecting) and not self._mesh.injection.waypoint(workload)

    def workloads(self, policy: AuthorizationPolicy) -> Sequence[Workload]:
        """The workloads that a policy is about; none for one with `targetRefs`. Asked once for equal selectors."""
        found = self._workloads.get(policy)
        if found is None:
            found = self._workloads[policy] = self._picked_by(policy)
        return found

    def _picked_by(self, policy: AuthorizationPolicy) -> Sequence[Workload]:
        if policy.spec is None or policy.spec.targets:
            return ()
        key = (self._mesh.homes(policy), _labels(policy))
        found = self._picked.get(key)
        if found is None:
            found = self._picked[key] = self._pick(*key)
        return found

    def _pick(self, namespaces: Sequence[str], labels: _Labels) -> Sequence[Workload]:
        waypoint = self._mesh.injection.waypoint
        return [item for item in self._mesh.selectors.picked_by_policy(namespaces, dict(labels)) if not waypoint(item)]

    def judge(self, policies: Sequence[AuthorizationPolicy], request: Request) -> Decision:
        """What these policies, all of them in force, make of a request.

        A CUSTOM rule hands the decision to a provider, which no file tells: unknown, unless DENY or
        ALLOW refuse anyway.
        """
        denied = self._first(_of(policies, "DENY"), request)
        if denied.allowed is Answer.YES:
            return Decision(Answer.NO, denied.policy, denied.rule)
        allowing = [*_of(policies, "ALLOW")]
        allowed = self._first(allowing, request) if allowing else Decision(Answer.YES)
        if allowed.allowed is Answer.NO:
            return Decision(Answer.NO)
        asked = self._first(_of(policies, "CUSTOM"), request)
        for doubt in (asked, denied):
            if doubt.allowed is not Answer.NO:
                return Decision(Answer.UNKNOWN, doubt.policy, doubt.rule)
        return allowed

    def within(self, policy: AuthorizationPolicy) -> Iterator[AuthorizationPolicy]:
        """The policies that are about no other workloads than this one, itself among them.

        For one about a whole namespace all of the namespace, for one of the root namespace all there
        are; for one with a selector those of the same labels.
        """
        if policy.spec is None or policy.spec.targets:
            return
        namespaces = self._mesh.homes(policy)
        if is_wide(policy) and self._mesh.settings.root_namespace in namespaces:
            yield from self._untargeted
            return
        for namespace in namespaces:
            if is_wide(policy):
                yield from self._by_namespace.get(namespace, ())
            else:
                yield from self._by_selector.get((namespace, _labels(policy)), ())

    def over(self, policy: AuthorizationPolicy, action: str) -> Iterator[AuthorizationPolicy]:
        """The policies of an action that are about all workloads that this one is about."""
        if action not in self.actions or policy.spec is None or policy.spec.targets:
            return
        namespaces = self._mesh.homes(policy)
        for namespace in dict.fromkeys((self._mesh.settings.root_namespace, *namespaces)):
            yield from self._wide_by_action.get((namespace, action), ())
        for namespace in namespaces if not is_wide(policy) else ():
            yield from _of(self._by_selector.get((namespace, _labels(policy)), ()), action)

    def is_shown(self, namespace: str) -> bool:
        """Whether the files show which policies a namespace has: some of it or of the root namespace, and all readable."""
        if self._mesh.context.scope is Scope.COMPLETE:
            return True
        if self._mesh.context.scope is Scope.PARTIAL or self._has_unread:
            return False
        return namespace in self._by_namespace or self._mesh.settings.root_namespace in self._by_namespace

    def around(self, policy: AuthorizationPolicy) -> Surroundings:
        """What the rules of a policy mean beside their text."""
        settings = self._mesh.settings
        return Surroundings(self._mesh.namespace(policy), settings.trust_domain, settings.trust_domain_aliases)

    def _first(self, policies: Iterable[AuthorizationPolicy], request: Request) -> Decision:
        """The first rule that matches, else the first that may; `allowed` says whether it does."""
        doubt = Decision(Answer.NO)
        for policy in policies:
            around = self.around(policy)
            for rule in policy.rules:
                outcome = match(rule, request, policy.action, around)
                if outcome is Answer.YES:
                    return Decision(Answer.YES, policy, rule)
                if outcome is Answer.UNKNOWN and doubt.policy is None:
                    doubt = Decision(Answer.UNKNOWN, policy, rule)
        return doubt

    def _enforced(self) -> Iterator[AuthorizationPolicy]:
        return (policy for policy in self._mesh.all(AuthorizationPolicy) if policy.spec and is_enforced(policy))

    @cached_property
    def _wide(self) -> dict[str, list[AuthorizationPolicy]]:
        """The policies for whole namespaces (in the root namespace: the mesh), by namespace."""
        index: dict[str, list[AuthorizationPolicy]] = {}
        for policy in self._enforced():
            if is_wide(policy):
                for namespace in self._mesh.homes(policy):
                    index.setdefault(namespace, []).append(policy)
        return index

    @cached_property
    def actions(self) -> frozenset[str]:
        """The actions of all policies in force."""
        return frozenset(policy.action for policy in self._enforced())

    @cached_property
    def _wide_by_action(self) -> dict[tuple[str, str], list[AuthorizationPolicy]]:
        index: dict[tuple[str, str], list[AuthorizationPolicy]] = {}
        for namespace, policies in self._wide.items():
            for policy in policies:
                index.setdefault((namespace, policy.action), []).append(policy)
        return index

    @cached_property
    def _selecting(self) -> dict[Workload, list[AuthorizationPolicy]]:
        index: dict[Workload, list[AuthorizationPolicy]] = {}
        for policy in self._enforced():
            if not is_wide(policy):
                for workload in self.workloads(policy):
                    index.setdefault(workload, []).append(policy)
        return index

    @cached_property
    def _has_unread(self) -> bool:
        """Whether some policy could not be read, or has no namespace, or templates may hold more."""
        unread = any(item.kind == "AuthorizationPolicy" for item in self._mesh.all(Opaque))
        loose = any(policy.namespace is None for policy in self._mesh.all(AuthorizationPolicy))
        return unread or loose or bool(self._mesh.context.template_folders)

    @cached_property
    def _untargeted(self) -> Sequence[AuthorizationPolicy]:
        return [policy for policy in self._enforced() if policy.spec and not policy.spec.targets]

    @cached_property
    def _by_namespace(self) -> dict[str, list[AuthorizationPolicy]]:
        index: dict[str, list[AuthorizationPolicy]] = {}
        for policy in self._untargeted:
            for namespace in self._mesh.homes(policy):
                index.setdefault(namespace, []).append(policy)
        return index

    @cached_property
    def _by_selector(self) -> dict[tuple[str, _Labels], list[AuthorizationPolicy]]:
        index: dict[tuple[str, _Labels], list[AuthorizationPolicy]] = {}
        for namespace, policies in self._by_namespace.items():
            for policy in policies:
                index.setdefault((namespace, _labels(policy)), []).append(policy)
        return index

    @cached_property
    def _attached(self) -> dict[tuple[str, str, str], list[AuthorizationPolicy]]:
        index: dict[tuple[str, str, str], list[AuthorizationPolicy]] = {}
        for policy in self._enforced():
            for target in policy.spec.targets if policy.spec else ():
                for namespace in self._mesh.homes(policy):
                    index.setdefault((target.kind or "", namespace, target.name or ""), []).append(policy)
        return index


def is_enforced(policy: AuthorizationPolicy) -> bool:
    """Whether a policy acts, instead of only counting what it would do (annotation `istio.io/dry-run`)."""
    return policy.annotations.get(_DRY_RUN) not in _TRUE


def is_wide(policy: AuthorizationPolicy) -> bool:
    """Whether a policy is about all workloads of its namespace, in the root namespace of the mesh."""
    spec = policy.spec
    return spec is not None and not spec.targets and not (spec.selector and spec.selector.wanted)


def _labels(policy: AuthorizationPolicy) -> _Labels:
    selector = policy.spec.selector if policy.spec else None
    return tuple(sorted(selector.wanted.items())) if selector else ()


def _of(policies: Iterable[AuthorizationPolicy], action: str) -> Iterator[AuthorizationPolicy]:
    return (policy for policy in policies if policy.action == action)
