"""Who refuses the preflight requests of browsers? Imported where a route answers browsers: it needs kinds that seldom occur."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from meshlint.api import Answer, AuthorizationPolicy, Findings, Gateway, Mesh, VirtualService, at, finding
from meshlint.mesh.authorization import Decision, is_enforced
from meshlint.mesh.authorization_rules import UNTOLD, Http, Request, Text
from meshlint.mesh.selectors import matches
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute

_MOST = 12
"""How many pairs of host and path are judged for a route."""
_MOST_RULES = 60
"""With more rules, requests of all hosts and paths are judged at once: each of many routes by each of many rules is slow."""
_Requests = tuple[tuple[Text, Text], ...]
"""Pairs of host and path."""


def refused(virtual_service: VirtualService, routes: Sequence[HTTPRoute], mesh: Mesh) -> Findings:
    """Those of the routes at which policies of a gateway refuse a request of `OPTIONS` without a token."""
    fronts = [front for gateway in mesh.gateways.of(virtual_service) for front in _fronts(gateway, mesh)]
    for route in routes:
        for front in fronts:
            asked = front.ask(front.requests(virtual_service, route), mesh)
            if asked is None or not (asked.policy or front.is_whole):
                continue
            blamed = asked.policy or next(policy for policy in front.policies if policy.action == "ALLOW")
            yield finding(
                at(virtual_service, route, "cors_policy").key(),
                f"AuthorizationPolicy `{blamed.name}` answers 403 to the OPTIONS request that browsers send before, "
                "without a token: they never send the request itself",
                help="let `OPTIONS` through: `notMethods: [OPTIONS]` in a rule of DENY, `methods: [OPTIONS]` in one of ALLOW",
                related=[(at(blamed), "asks for more than a preflight request has")],
            )
            break


class _Front:
    """The policies in force for the pods of a Gateway, and what has to be told them of a request.

    A host or a path is told only where they make a difference. `is_whole`: whether these are surely all policies.
    """

    def __init__(self, policies: Sequence[AuthorizationPolicy], *, is_whole: bool) -> None:
        self.policies = policies
        self.is_whole = is_whole
        self._count = sum(len(policy.rules) for policy in policies)
        self._asked: dict[_Requests, Decision | None] = {}
        operations = [item for policy in policies for given in policy.rules for item in given.operations()]
        self._asks_for_host = any(item.hosts or item.not_hosts for item in operations)
        self._paths = {path for item in operations for path in (*(item.paths or ()), *(item.not_paths or ()))}

    def ask(self, requests: _Requests, mesh: Mesh) -> Decision | None:
        """The decision by which OPTIONS is refused for each host and path; None where one may be let in."""
        if requests not in self._asked:
            self._asked[requests] = self._judge(requests, mesh)
        return self._asked[requests]

    def _judge(self, requests: _Requests, mesh: Mesh) -> Decision | None:
        asked = None
        for host, path in requests:
            asked = mesh.authorization.judge(self.policies, Request(token=None, http=Http("OPTIONS", host, path)))
            if asked.allowed is not Answer.NO:
                return None
            if mesh.authorization.judge(self.policies, Request(http=Http(host=host, path=path))).allowed is Answer.NO:
                return None  # nobody gets in: that is meant, or another mistake
        return asked

    def requests(self, virtual_service: VirtualService, route: HTTPRoute) -> _Requests:
        """The pairs of host and path for which a route may be asked, so few that all can be judged."""
        if self._count > _MOST_RULES:
            return ((UNTOLD, UNTOLD),)
        matches = route.match or (HTTPMatchRequest(),)
        pairs = ((host, self._path(match)) for match in matches for host in self._hosts(virtual_service, match))
        found = dict.fromkeys(pairs)
        return tuple(found) if len(found) <= _MOST else ((UNTOLD, UNTOLD),)

    def _hosts(self, virtual_service: VirtualService, match: HTTPMatchRequest) -> Sequence[Text]:
        if not self._asks_for_host:
            return [UNTOLD]
        if match.authority:
            return [match.authority.exact or UNTOLD]
        hosts = (virtual_service.spec.hosts if virtual_service.spec else None) or ()
        return [UNTOLD if "*" in host else host for host in hosts] or [UNTOLD]

    def _path(self, match: HTTPMatchRequest) -> Text:
        """A path that stands for all that a match takes; untold where policies tell these apart."""
        uri = match.uri
        if not self._paths or uri is None or match.ignore_uri_case:
            return UNTOLD
        if uri.prefix and not any(_divides(path, uri.prefix) for path in self._paths):
            return uri.prefix
        return uri.exact or UNTOLD


def _divides(path: str, prefix: str) -> bool:
    """Whether a path of a policy is that of some requests under a prefix, but not of all."""
    if path == "*":
        return False
    if path.startswith("*") or "{" in path:
        return True
    if path.endswith("*"):
        return path[:-1].startswith(prefix) and path[:-1] != prefix
    return path.startswith(prefix)


def _fronts(gateway: Gateway, mesh: Mesh) -> Sequence[_Front]:
    """The policies of a Gateway, for each of its pods; found once, as most routes share few Gateways."""
    known = _known(mesh)
    if gateway not in known:
        known[gateway] = [_Front(policies, is_whole=is_whole) for policies, is_whole in _in_force(gateway, mesh)]
    return known[gateway]


@lru_cache(maxsize=1)  # one mesh at a time
def _known(_: Mesh) -> dict[Gateway, Sequence[_Front]]:
    return {}


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
