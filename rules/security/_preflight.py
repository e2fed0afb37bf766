"""Who refuses the preflight requests of browsers? Imported where a route answers browsers: it needs kinds that seldom occur."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from meshlint.api import Answer, AuthorizationPolicy, Findings, Gateway, Mesh, VirtualService, at, finding
from meshlint.mesh.authorization import is_enforced
from meshlint.mesh.authorization_rules import UNTOLD, Http, Request, Text
from meshlint.mesh.selectors import matches
from meshlint.model.networking.virtual_service import HTTPRoute


def refused(virtual_service: VirtualService, routes: Sequence[HTTPRoute], mesh: Mesh) -> Findings:
    """Those of the routes at which policies of a gateway refuse a request of `OPTIONS` without a token."""
    fronts = [policies for gateway in mesh.gateways.of(virtual_service) for policies in _in_force(gateway, mesh)]
    host = _host(virtual_service)
    for route in routes:
        path = _path(route)
        for policies, all_known in fronts:
            asked = mesh.authorization.judge(policies, Request(token=None, http=Http("OPTIONS", host, path)))
            if asked.allowed is not Answer.NO or not (asked.policy or all_known):
                continue
            if mesh.authorization.judge(policies, Request(http=Http(host=host, path=path))).allowed is Answer.NO:
                continue  # nobody gets in: that is meant, or another mistake
            blamed = asked.policy or next(policy for policy in policies if policy.action == "ALLOW")
            yield finding(
                at(virtual_service, route, "cors_policy").key(),
                f"AuthorizationPolicy `{blamed.name}` answers 403 to the OPTIONS request that browsers send before, "
                "without a token: they never send the request itself",
                help="let `OPTIONS` through: `notMethods: [OPTIONS]` in a rule of DENY, `methods: [OPTIONS]` in one of ALLOW",
                related=[(at(blamed), "asks for more than a preflight request has")],
            )
            break


def _host(virtual_service: VirtualService) -> Text:
    """A host that browsers ask for; untold where there are wildcards only."""
    hosts = (virtual_service.spec.hosts if virtual_service.spec else None) or ()
    return next((host for host in hosts if "*" not in host), UNTOLD)


def _path(route: HTTPRoute) -> Text:
    """A path that the route takes; untold where its first match does not begin with one."""
    uri = route.match[0].uri if route.match else None
    return (uri.exact or uri.prefix or UNTOLD) if uri else UNTOLD


def _in_force(gateway: Gateway, mesh: Mesh) -> Iterator[tuple[Sequence[AuthorizationPolicy], bool]]:
    """For each of its pods the policies in force, and whether these are surely all."""
    workloads = mesh.gateway_workloads.of(gateway)
    for workload in workloads:
        yield mesh.authorization.of_workload(workload), mesh.authorization.is_shown(workload.namespace)
    if not workloads and gateway.selector:
        labels = gateway.selector
        yield [policy for policy in _denying(mesh) if matches(policy.selector, labels) is Answer.YES], False


@lru_cache(maxsize=1)  # one mesh at a time
def _denying(mesh: Mesh) -> Sequence[AuthorizationPolicy]:
    """The policies of DENY of the root namespace, which are about pods of every namespace."""
    root = mesh.settings.root_namespace
    denying = [policy for policy in mesh.all(AuthorizationPolicy) if policy.action == "DENY" and is_enforced(policy)]
    return [policy for policy in denying if policy.spec and not policy.spec.targets and root in mesh.homes(policy)]
