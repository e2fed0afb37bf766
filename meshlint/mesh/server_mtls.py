"""Which mTLS mode does a port of a workload ask of its callers?

`pilot/pkg/security/authn/policy_applier.go` (ComposePeerAuthentication) decides: PERMISSIVE, then the
policy of the mesh (no selector, root namespace), of the namespace (no selector) and of the workload
(a selector that picks it, not in the root namespace), each replacing the mode unless it is UNSET.
Ports come from the workload's policy alone. Of several policies of one scope the oldest counts; a
file seldom says how old it is, so that then every one of them is possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.model.base import Opaque
from meshlint.model.security.peer_authentication import MutualTLS, PeerAuthentication

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload


class Mode(str, Enum):
    """What a port takes."""

    STRICT = "STRICT"
    """mTLS only."""
    PERMISSIVE = "PERMISSIVE"
    """mTLS and plain text."""
    DISABLE = "DISABLE"
    """Plain text only: mTLS reaches the application as it is."""


_MODES: Mapping[str | None, Mode] = {mode.value: mode for mode in Mode}


class ServerMode(msgspec.Struct, frozen=True, eq=False):
    """The mode in force, as far as the files tell."""

    possible: Mapping[Mode, tuple[PeerAuthentication, ...]]
    """The modes that may be in force, mostly one, each with the policies that set it; no policy for the default."""
    rivals: tuple[PeerAuthentication, ...] = ()
    """Policies of one scope of which the oldest counts, where the files do not tell which that is."""
    is_clouded: bool = False
    """Whether a policy that could not be read may set another mode."""

    @property
    def mode(self) -> Mode | None:
        """The mode, if the files leave only one."""
        return next(iter(self.possible)) if len(self.possible) == 1 and not self.is_clouded else None

    @property
    def policies(self) -> tuple[PeerAuthentication, ...]:
        """The policies that set the mode (or the modes); none where it is the default."""
        return tuple(policy for policies in self.possible.values() for policy in policies)

    @property
    def is_written(self) -> bool:
        """Whether policies of the input set every possible mode, so that none is a mere default."""
        return all(self.possible.values()) and not self.is_clouded


_Selector = tuple[PeerAuthentication, Mapping[str, str]]
"""A policy, and the labels of the workloads that it picks."""

_DEFAULT: Mapping[Mode, tuple[PeerAuthentication, ...]] = {Mode.PERMISSIVE: ()}


class ServerModes:
    """The modes of all workloads, by PeerAuthentication."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._policies_of: dict[Workload, Sequence[PeerAuthentication]] = {}
        self._of_workload: dict[Workload, tuple[Sequence[PeerAuthentication], ServerMode]] = {}

    @cached_property
    def of_mesh(self) -> ServerMode:
        """The mode that a namespace without a policy has."""
        return self.of_namespace(self._mesh.settings.root_namespace)

    def of_namespace(self, namespace: str) -> ServerMode:
        """The mode that a workload without a policy has; clients guess a Service's mode by it.

        `GetNamespaceMutualTLSMode` in `pilot/pkg/model/authentication.go`.
        """
        if namespace not in self._of_namespace:
            root = self._mesh.settings.root_namespace
            mode = ServerMode(_DEFAULT, (), self._is_clouded(root, namespace))
            for scope in dict.fromkeys((root, namespace)):
                choices = _oldest(self._general.get(scope, ()))
                mode = _narrowed(mode, choices)
            self._of_namespace[namespace] = mode
        return self._of_namespace[namespace]

    def of_workload(self, workload: Workload, port: int | None = None) -> ServerMode:
        """The mode of a workload, and of one of its ports (the container's, not the Service's).

        Whether the proxy sees the port at all is another question: `mesh.mtls.enforces`.
        """
        choices, mode = self._of(workload)
        if port is not None:
            mode = _of_port(mode, choices, port)
        if self._mesh.injection.ambient(workload) is Answer.YES:
            return _in_ambient(mode)
        return mode

    def selecting(self, workload: Workload) -> Sequence[PeerAuthentication]:
        """The policies whose selector picks a workload, in its namespace; those of the root namespace count nowhere."""
        found = self._policies_of.get(workload)
        if found is None:
            found = self._policies_of[workload] = self._picking(workload)
        return found

    def _picking(self, workload: Workload) -> Sequence[PeerAuthentication]:
        policies = self._selecting.get(workload.namespace)
        if not policies or workload.namespace == self._mesh.settings.root_namespace:
            return ()
        pairs = workload.labels.items()
        return [policy for pair in pairs for policy, wanted in policies.get(pair, ()) if wanted.items() <= pairs]

    def is_strict(self, mode: ServerMode) -> Answer:
        """Whether a mode refuses plain text. A default is no evidence, as a policy may be in no file."""
        if len(mode.possible) == 1 and Mode.STRICT in mode.possible and not mode.is_clouded:
            return Answer.YES
        sure = mode.is_written or (self._mesh.context.scope is Scope.COMPLETE and not mode.is_clouded)
        return Answer.NO if sure and Mode.STRICT not in mode.possible else Answer.UNKNOWN

    def _of(self, workload: Workload) -> tuple[Sequence[PeerAuthentication], ServerMode]:
        found = self._of_workload.get(workload)
        if found is None:
            choices = _oldest(self.selecting(workload))
            found = choices, _narrowed(self.of_namespace(workload.namespace), choices)
            self._of_workload[workload] = found
        return found

    def _is_clouded(self, *namespaces: str) -> bool:
        return not self._unread.isdisjoint(namespaces)

    @cached_property
    def _of_namespace(self) -> dict[str, ServerMode]:
        return {}

    @cached_property
    def written(self) -> frozenset[Mode]:
        """The modes that some policy of the input sets, for whatever workloads and ports."""
        specs = [policy.spec for policy in self._mesh.all(PeerAuthentication) if policy.spec]
        modes = {written_mode(spec.mtls) for spec in specs}
        modes.update(written_mode(entry) for spec in specs for entry in (spec.port_level_mtls or {}).values())
        return frozenset(mode for mode in modes if mode is not None)

    @cached_property
    def _unread(self) -> set[str]:
        return {
            namespace
            for item in self._mesh.all(Opaque)
            if item.kind == "PeerAuthentication"
            for namespace in self._mesh.homes(item)
        }

    @cached_property
    def _general(self) -> Mapping[str, list[PeerAuthentication]]:
        """The policies without selector, by namespace."""
        index: dict[str, list[PeerAuthentication]] = {}
        for policy in self._mesh.all(PeerAuthentication):
            if not _wanted(policy):
                for namespace in self._mesh.homes(policy):
                    index.setdefault(namespace, []).append(policy)
        return index

    @cached_property
    def _selecting(self) -> Mapping[str, Mapping[tuple[str, str], list[_Selector]]]:
        """The policies with a selector, by namespace and by the rarest of the labels they want."""
        selectors: dict[str, list[_Selector]] = {}
        for policy in self._mesh.all(PeerAuthentication):
            wanted = _wanted(policy)
            if wanted:
                for namespace in self._mesh.homes(policy):
                    selectors.setdefault(namespace, []).append((policy, wanted))
        return {namespace: _by_rarest_label(found) for namespace, found in selectors.items()}


def written_mode(tls: MutualTLS | None) -> Mode | None:
    """The mode of a scope or a port as written; None for UNSET, and for what is no mode."""
    return _MODES.get(tls.mode) if tls else None


def _narrowed(wider: ServerMode, choices: Sequence[PeerAuthentication]) -> ServerMode:
    """The mode of a narrower scope of which one of these policies is in force."""
    if not choices:
        return wider
    if len(choices) == 1:
        mode = written_mode(choices[0].spec.mtls if choices[0].spec else None)
        return wider if mode is None else ServerMode({mode: tuple(choices)}, (), wider.is_clouded)
    possible: dict[Mode, tuple[PeerAuthentication, ...]] = {}
    inherits = False
    for policy in choices:
        mode = written_mode(policy.spec.mtls if policy.spec else None)
        inherits = inherits or mode is None
        _add(possible, {mode: (policy,)} if mode else wider.possible)
    rivals = tuple(choices) if len(possible) > 1 and len(choices) > 1 else ()
    return ServerMode(possible, rivals or (wider.rivals if inherits else ()), wider.is_clouded)


def _of_port(mode: ServerMode, choices: Sequence[PeerAuthentication], port: int) -> ServerMode:
    """The mode of a port: that of the policy's entry for it, unless UNSET, else the workload's under that policy."""
    if not any(policy.spec and policy.spec.port_level_mtls for policy in choices):
        return mode
    entries = {policy: _entry(policy, port) for policy in choices}
    if not any(entries.values()):
        return mode
    possible: dict[Mode, tuple[PeerAuthentication, ...]] = {}
    for policy, entry in entries.items():
        if entry is not None:
            _add(possible, {entry: (policy,)})
        else:
            own = written_mode(policy.spec.mtls if policy.spec else None)
            _add(possible, {own: (policy,)} if own else mode.possible)
    rivals = tuple(entries) if len(entries) > 1 and len(possible) > 1 else ()
    return ServerMode(possible, rivals, mode.is_clouded)


def _entry(policy: PeerAuthentication, port: int) -> Mode | None:
    entries = policy.spec.port_level_mtls if policy.spec else None
    return written_mode((entries or {}).get(str(port)))


def _in_ambient(mode: ServerMode) -> ServerMode:
    """Ztunnel knows no DISABLE: it takes plain text as with PERMISSIVE, and mTLS all the same.

    `pilot/pkg/serviceregistry/ambient/policies.go` (convertPeerAuthentication) makes a policy of STRICT only.
    """
    if Mode.DISABLE not in mode.possible:
        return mode
    possible = dict(mode.possible)
    del possible[Mode.DISABLE]
    _add(possible, {Mode.PERMISSIVE: mode.possible[Mode.DISABLE]})
    return ServerMode(possible, mode.rivals if len(possible) > 1 else (), mode.is_clouded)


def _add(
    possible: dict[Mode, tuple[PeerAuthentication, ...]], more: Mapping[Mode, tuple[PeerAuthentication, ...]]
) -> None:
    for mode, policies in more.items():
        possible[mode] = tuple(dict.fromkeys((*possible.get(mode, ()), *policies)))


def _oldest(policies: Sequence[PeerAuthentication]) -> Sequence[PeerAuthentication]:
    """The oldest of several, of equal age the first by name; all where the age of one is not written."""
    if len(policies) < 2:
        return policies
    ages = {policy: policy.metadata.creation_timestamp if policy.metadata else None for policy in policies}
    if not all(ages.values()):
        return policies
    return [min(policies, key=lambda policy: (ages[policy] or "", policy.name))]


def _wanted(policy: PeerAuthentication) -> Mapping[str, str]:
    selector = policy.spec.selector if policy.spec else None
    return selector.wanted if selector else {}


def _by_rarest_label(selectors: Sequence[_Selector]) -> Mapping[tuple[str, str], list[_Selector]]:
    """Selectors by one label each, the one that the fewest of them want."""
    frequency = Counter(pair for _, wanted in selectors for pair in wanted.items())
    index: dict[tuple[str, str], list[_Selector]] = {}
    for selector in selectors:
        rarest = min(selector[1].items(), key=frequency.__getitem__)
        index.setdefault(rarest, []).append(selector)
    return index
