"""Policies that do not do what they seem to, as a migration shows (R7, R22, R24, R26)."""

from collections.abc import Iterator

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.exceptions import lost_ports, picked, picks_in_root
from meshlint.mesh.mtls import Mode
from meshlint.mesh.workloads import Workload
from meshlint.model.networking.destination_rule import DestinationRule
from meshlint.model.networking.sidecar import Sidecar
from meshlint.model.security.authorization_policy import AuthorizationPolicy, Source
from meshlint.model.security.peer_authentication import PeerAuthentication
from meshlint.readiness.ground import Found, Ground, is_scope_wide
from meshlint.readiness.model import Level
from meshlint.readiness.paths import services_of

_IDENTITY_FIELDS = {
    "principals": "principals",
    "namespaces": "namespaces",
    "service_accounts": "serviceAccounts",
    "not_principals": "notPrincipals",
    "not_namespaces": "notNamespaces",
    "not_service_accounts": "notServiceAccounts",
}
"""Fields of a source that ask for an identity, in Python's spelling and in YAML's."""
_NAMING = ("principals", "namespaces", "service_accounts")
_EXCLUDING = ("not_principals", "not_namespaces", "not_service_accounts")


def check(ground: Ground) -> Iterator[Found]:
    """Every policy of the kinds that matter to mTLS."""
    for policy in ground.today.all(PeerAuthentication):
        yield from _lost_exception(policy, ground)
    yield from _rivals(ground)
    for authorization in ground.mesh.all(AuthorizationPolicy):
        yield from _identities(authorization, ground)
    for rule in ground.mesh.all(DestinationRule):
        yield from _foreign_names(rule, ground)
    for sidecar in ground.mesh.all(Sidecar):
        yield from _ingress_tls(sidecar, ground)
    yield from _trust_domains(ground)


def _lost_exception(policy: PeerAuthentication, ground: Ground) -> Iterator[Found]:
    """R7: exceptions that are none."""
    mesh = ground.mesh
    home = ground.today.namespace(policy)  # the mesh to come has no policy for a whole scope but its own
    if is_scope_wide(policy):
        if policy.spec and policy.spec.port_level_mtls:
            text = f"`portLevelMtls` of PeerAuthentication `{policy.name}` counts for nothing: it has no selector"
            place = at(policy, policy.spec, "port_level_mtls")
            yield Found(home, "R7", Level.WARNING, text, "write a policy with a `selector`", place)
        return
    if picks_in_root(policy, mesh):
        text = f"PeerAuthentication `{policy.name}` has a selector in the root namespace, where it counts for nothing"
        yield Found(
            "",
            "R7",
            Level.WARNING,
            text,
            "write it into the namespace of the workloads",
            at(policy, None, "spec", "selector"),
        )
        return
    lost = list(lost_ports(policy, mesh))
    for port in lost:
        for workload in picked(policy, mesh):
            text = f"the exception for port {port.key} is none: that is the port of Service `{port.service.name}`, which leads to {port.target}"
            place = at(policy, policy.spec, "port_level_mtls", port.key).key()
            yield Found(workload, "R7", Level.WARNING, text, f"write `{port.target}`", place)
    if not picked(policy, mesh) and mesh.selectors.resolve(policy, policy.spec.selector.wanted).is_missing:  # type: ignore[union-attr]
        text = f"PeerAuthentication `{policy.name}` picks no workload"
        yield Found(home, "R7", Level.WARNING, text, None, at(policy, None, "spec", "selector"))


def _rivals(ground: Ground) -> Iterator[Found]:
    """R7: two policies for one namespace, or for the mesh; both go to STRICT, or one has to go."""
    scopes: dict[str, list[PeerAuthentication]] = {}
    for policy in ground.today.all(PeerAuthentication):
        if is_scope_wide(policy):
            for namespace in ground.today.homes(policy):
                scopes.setdefault(namespace, []).append(policy)
    for namespace, policies in sorted(scopes.items()):
        first = policies[0]
        others = [item for item in policies if item.name != first.name and ground.today.trust.may_conflict(first, item)]
        if others:
            subject = "" if namespace == ground.today.settings.root_namespace else namespace
            names = f"`{first.name}` and `{others[0].name}`"
            text = f"{names} are both about the whole of `{namespace}`, and the oldest counts, which no file tells"
            related = tuple((at(policy), "another one") for policy in others)
            yield Found(subject, "R7", Level.WARNING, text, "leave one policy", at(first), related)


def _identities(policy: AuthorizationPolicy, ground: Ground) -> Iterator[Found]:
    """R22: rules that a caller in plain text goes past, as it has no identity."""
    namespace = ground.mesh.namespace(policy)
    today = ground.today.mtls.server
    if today.is_strict(today.of_namespace(namespace)) is Answer.YES:
        return
    for rule in policy.rules:
        for source in rule.sources():
            field = _passed_by(source, policy.action)
            if field is not None:
                text = (
                    f"{policy.action} by `{_IDENTITY_FIELDS[field]}` of AuthorizationPolicy `{policy.name}` does not hold for callers in "
                    "plain text, who have no identity: until STRICT they go past it"
                )
                yield Found(namespace, "R22", Level.NOTE, text, None, at(policy, source, field))


def _passed_by(source: Source, action: str) -> str | None:
    """The field of a source, in Python's spelling, by which a rule lets callers without identity pass."""
    if action == "DENY":
        return next((field for field in _NAMING if getattr(source, field)), None)
    positive = source.principals or source.namespaces or source.service_accounts or source.request_principals
    if action != "ALLOW" or positive or source.ip_blocks or source.remote_ip_blocks:
        return None
    return next((field for field in _EXCLUDING if getattr(source, field)), None)


def _foreign_names(rule: DestinationRule, ground: Ground) -> Iterator[Found]:
    """R24: names that the certificates of the servers do not hold."""
    for tls in rule.tls_settings():
        if tls.mode != "ISTIO_MUTUAL" or not tls.subject_alt_names:
            continue
        for workload in _servers(rule, ground):
            if _is_foreign(workload, tls.subject_alt_names, ground):
                account = f"{workload.namespace}/{workload.service_account}"
                yield Found(
                    workload,
                    "R24",
                    Level.WARNING,
                    f"`subjectAltNames` of DestinationRule `{rule.name}` do not name the account `{account}` that it runs "
                    "as: clients refuse its certificate",
                    "name the account of the servers, or remove `subjectAltNames`",
                    at(rule, tls, "subject_alt_names"),
                )


def _servers(rule: DestinationRule, ground: Ground) -> Iterator[Workload]:
    """The workloads behind the services that a rule is about."""
    for namespace in ground.mesh.homes(rule):
        for service in services_of(rule, namespace, ground):
            yield from ground.mesh.services.workloads(service)


def _is_foreign(workload: Workload, names: tuple[str, ...], ground: Ground) -> bool:
    """Whether no name is the workload's; of its trust domain only where the files tell that."""
    settings = ground.mesh.settings
    if not workload.service_account or any("*" in name for name in names):
        return False
    rest = f"/ns/{workload.namespace}/sa/{workload.service_account}"
    if settings.mixed or not settings.is_known:
        return not any(name.endswith(rest) for name in names)
    domains = (settings.trust_domain, *settings.trust_domain_aliases)
    return {f"spiffe://{domain}{rest}" for domain in domains}.isdisjoint(names)


def _trust_domains(ground: Ground) -> Iterator[Found]:
    """R24: clusters whose trust domains differ, and do not take each other's."""
    configs = {config.trust_domain or "cluster.local": config for config in ground.mesh.settings.configs}
    for domain, config in configs.items():
        unknown = sorted(set(configs) - {domain, *(config.trust_domain_aliases or ())})
        if unknown:
            text = (
                f"a mesh config with trust domain `{domain}` does not take identities of `{unknown[0]}`, which another "
                "has: where both are one mesh, mTLS between them is refused"
            )
            yield Found("", "R24", Level.WARNING, text, f"add `{unknown[0]}` to `trustDomainAliases`")


def _ingress_tls(sidecar: Sidecar, ground: Ground) -> Iterator[Found]:
    """R26: TLS of a Sidecar's listener, which holds only where mTLS is switched off."""
    listeners = (sidecar.spec.ingress if sidecar.spec else None) or ()
    selector = sidecar.spec.workload_selector if sidecar.spec else None
    for listener in listeners:
        number = listener.port.number if listener.port else None
        if listener.tls is None or number is None:
            continue
        for namespace in ground.mesh.homes(sidecar):
            for workload in ground.mesh.selectors.picked(namespace, selector.wanted if selector else {}):
                mode = ground.mesh.mtls.server.of_workload(workload, number)
                if set(mode.possible) == {Mode.STRICT} and ground.mesh.mtls.guards(workload, number) is not Answer.NO:
                    text = f"`tls` of Sidecar `{sidecar.name}` for port {number} gives way to mesh mTLS: its clients are refused"
                    advice = "leave the port DISABLE with `portLevelMtls`, or lead its clients through a gateway"
                    yield Found(workload, "R26", Level.BLOCKER, text, advice, at(sidecar, listener, "tls"))
