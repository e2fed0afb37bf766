"""HTTPRoutes of the Gateway API: which of their rules takes a request, and what does it do with it?

istiod makes a VirtualService of HTTPRoutes for each gateway, or for each service, and host
(`pilot/pkg/config/kube/gateway/route_collections.go`, `conversion.go`):

* Rules of all HTTPRoutes of a listener and host are sorted together, not tried in the order of the files:
  exact paths, then prefixes, then expressions, longer ones first; then those with a method, those with
  more headers, those with more query parameters; then the older HTTPRoute (`sortHTTPRoutes`).
* A prefix is one of whole elements: `/a` takes `/a` and `/a/b`, but not `/ab` (`PathSeparatedPrefix`).
* Of the hosts of a listener the most specific one takes a request, and so of the hosts of its routes.
* An HTTPRoute whose parent is a Service counts for clients of the route's namespace (a consumer's), or, in
  the service's own namespace, for all (a producer's; `buildSidecarVirtualHostsForVirtualService`). In
  a sidecar it competes with VirtualServices of the same host. A consumer's comes before those that
  all namespaces see (`SelectVirtualServices`); otherwise the older one wins.
* A backend that does not exist, or that no ReferenceGrant lets a gateway have, is answered with 500.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.findings import at
from meshlint.mesh.decisions import Decision, Outcome, Step, ending, reached, retrying
from meshlint.mesh.destinations import target
from meshlint.mesh.grants import is_granted
from meshlint.mesh.host_names import HostIndex
from meshlint.mesh.requests import Client, Request, refusals
from meshlint.model.durations import seconds
from meshlint.model.gateway_api.grpc_route import GRPCRoute
from meshlint.model.gateway_api.http_route import (
    HTTPPathModifier,
    HTTPRoute,
    HTTPRouteFilter,
    HTTPRouteMatch,
    HTTPRouteRule,
)
from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRetry, VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.services import Selecting
    from meshlint.model.base import Resource
    from meshlint.model.gateway_api.common import BackendObjectReference

_FOLLOWED = frozenset(
    {"RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "RequestRedirect", "URLRewrite", "CORS"}
)
_RETRIED = ("connect-failure", "refused-stream", "unavailable", "cancelled")
_RANKS = {"Exact": 3, "PathPrefix": 2, "RegularExpression": 1}


class Candidate(msgspec.Struct, frozen=True, eq=False):
    """One match of one rule: each is a route of its own."""

    route: HTTPRoute
    rule: HTTPRouteRule
    match: HTTPRouteMatch | None
    number: int
    """Of the rule, from 1."""

    @property
    def kind(self) -> str:
        """How the path is compared."""
        path = self.match.path if self.match is not None else None
        return (path.type if path is not None else None) or "PathPrefix"

    @property
    def path(self) -> str:
        """What the path is compared with; of a prefix a slash at the end does not count."""
        path = self.match.path if self.match is not None else None
        text = (path.value if path is not None else None) or "/"
        return text.rstrip("/") or "/" if self.kind == "PathPrefix" else text

    @property
    def order(self) -> tuple[int, int, bool, int, int]:
        """Where it comes among others: the least first (`sortHTTPRoutes`)."""
        match = self.match or HTTPRouteMatch()
        headers, query = _by_name(match.headers), _by_name(match.query_params)
        return -_RANKS.get(self.kind, 0), -len(self.path), match.method is None, -len(headers), -len(query)

    def refusal(self, request: Request, client: Client) -> str | None:
        """Why it does not take a request; `?` before what cannot be told, None where it does."""
        match = self.match or HTTPRouteMatch()
        path = None
        if self.kind != "PathPrefix":
            path = StringMatch(exact=self.path) if self.kind == "Exact" else StringMatch(regex=self.path)
        elif self.path not in {"/", request.path} and not request.path.startswith(f"{self.path}/"):
            return f"the path `{request.path}` does not begin with the elements of `{self.path}`"
        asked = HTTPMatchRequest(
            uri=path,
            method=StringMatch(exact=match.method) if match.method else None,
            headers=_by_name(match.headers) or None,
            query_params=_by_name(match.query_params) or None,
        )
        found = list(refusals(asked, request, client, {}))
        return next((reason for reason in found if not reason.startswith("?")), found[0] if found else None)


class HttpRouting:
    """The HTTPRoutes of services; those of gateways are in `ListenerRouting`."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def in_sidecar(
        self,
        service: Selecting,
        claims: Sequence[VirtualService],
        client: Client,
        request: Request,
        steps: list[Step],
    ) -> Decision | None:
        """Follow a request to a service by its HTTPRoutes; None where VirtualServices (`claims`) or nothing routes it."""
        routes = self._of_service(service, client, request.port)
        if not routes:
            return None
        grpc = next((item for item in routes if not isinstance(item, HTTPRoute)), None)
        if grpc is not None:
            return ending(Outcome.UNKNOWN, steps, "a GRPCRoute is about this service, which is not followed", at(grpc))
        home = self._mesh.namespace(routes[0])
        exports = [self._mesh.visibility.exports(claim) for claim in claims]
        if any("*" not in namespaces for namespaces in exports):
            return None  # VirtualServices that are exported to the client by name come before all others
        if claims and home != client.namespace:
            text = f"VirtualService `{claims[0].name}` and HTTPRoute `{routes[0].name}` are both about it: the older one wins"
            return ending(Outcome.UNKNOWN, steps, text, at(routes[0]))
        whose = "of the client's namespace" if home == client.namespace else "of the service's namespace"
        merged = [route for route in routes if isinstance(route, HTTPRoute) and self._mesh.namespace(route) == home]
        steps.append(Step(f"HTTPRoutes {whose} route it", at(merged[0])))
        return self.follow(merged, client, request, steps, needs_grants=False)

    def _of_service(self, service: Selecting, client: Client, port: int) -> Sequence[Resource]:
        """The routes of a service that count for a client, a consumer's before the producer's, older ones first."""
        namespace = self._mesh.namespace(service)
        found = {
            route: None
            for route, wanted in self._by_parent.get((service.kind, namespace, service.name), ())
            if wanted in {None, port} and self._mesh.namespace(route) in {client.namespace, namespace}
            if not isinstance(route, HTTPRoute) or rules_of(route)
        }
        return sorted(found, key=lambda route: (self._mesh.namespace(route) != client.namespace, age(route)))

    def follow(
        self,
        routes: Iterable[HTTPRoute],
        client: Client,
        request: Request,
        steps: list[Step],
        *,
        needs_grants: bool,
    ) -> Decision:
        """The rule that takes a request, and what becomes of it. Gateways may have foreign backends with a grant only."""
        for candidate in sorted(_candidates(routes), key=lambda item: item.order):
            reason = candidate.refusal(request, client)
            subject = candidate.match if candidate.match is not None else candidate.rule
            label = f"rule {candidate.number} of HTTPRoute `{self._name(candidate.route)}`"
            place = at(candidate.route, subject)
            if reason is None:
                steps.append(Step(f"{label} takes it", place))
                return self._act(candidate, client, request, steps, needs_grants=needs_grants)
            steps.append(Step(f"{label} does not: {reason.removeprefix('? ')}", place))
            if reason.startswith("?"):
                return ending(Outcome.UNKNOWN, steps, "whether this rule takes the request cannot be told here", place)
        return ending(Outcome.FAILED, steps, "no rule takes it: 404")

    def _act(
        self, candidate: Candidate, client: Client, request: Request, steps: list[Step], *, needs_grants: bool
    ) -> Decision:
        route, rule = candidate.route, candidate.rule
        for item in rule.filters or ():
            if item.type not in _FOLLOWED:
                return ending(
                    Outcome.UNKNOWN, steps, f"what its filter `{item.type}` does is not known here", at(route, item)
                )
            if item.request_redirect is not None:
                return ending(Outcome.ANSWERED, steps, _redirected(item, candidate.path, request), at(route, item))
        steps += self._filtered(candidate, request)
        steps += self._limited(candidate)
        backends = [backend for backend in rule.backend_refs or () if backend.parts]
        if not backends:
            return ending(Outcome.FAILED, steps, "the rule has no backend with a weight: 500", at(route, rule))
        total = sum(backend.parts for backend in backends)
        found = []
        for backend in backends:
            share = round(100 * backend.parts / total, 1)
            host = self._host(backend, route)
            place = at(route, backend, "name")
            if host is None:
                return ending(Outcome.UNKNOWN, steps, f"backends of kind `{backend.kind}` are not followed", place)
            made = target(self._mesh, host, backend.port, None, share, client, place)
            if made.problem:
                made = msgspec.structs.replace(made, problem=made.problem.replace("503", "500"))
            elif needs_grants and not is_granted(self._mesh, route, backend):
                made = msgspec.structs.replace(
                    made, problem="no ReferenceGrant of the input allows it: 500", workloads=()
                )
            found.append(made)
        return reached(found, steps)

    def _host(self, backend: BackendObjectReference, route: HTTPRoute) -> str | None:
        """The host of a backend; None for a kind that is not followed."""
        group, kind = backend.group or "", backend.kind or "Service"
        if group in {"", "core"} and kind == "Service":
            namespace = backend.namespace or self._mesh.namespace(route)
            return f"{backend.name}.{namespace}.svc.{self._mesh.settings.cluster_domain}"
        return backend.name if (group, kind) == ("networking.istio.io", "Hostname") else None

    def _filtered(self, candidate: Candidate, request: Request) -> Iterator[Step]:
        route = candidate.route
        for item in candidate.rule.filters or ():
            if item.url_rewrite is not None:
                path = _modified(item.url_rewrite.path, candidate.path, request.path)
                texts = [f"path `{path}`"] if path else []
                texts += [f"host `{item.url_rewrite.hostname}`"] if item.url_rewrite.hostname else []
                yield Step(f"it is rewritten to {' and '.join(texts)}", at(route, item))
            elif item.request_mirror is not None and item.request_mirror.backend_ref is not None:
                mirror = item.request_mirror
                share = "all requests"
                if mirror.fraction is not None:
                    share = f"{100 * (mirror.fraction.numerator or 0) / (mirror.fraction.denominator or 100):g}% of requests"
                elif mirror.percent is not None:
                    share = f"{mirror.percent}% of requests"
                yield Step(f"a copy of {share} goes to `{item.request_mirror.backend_ref.name}`", at(route, item))
            elif item.request_header_modifier is not None or item.response_header_modifier is not None:
                yield Step("headers are changed", at(route, item))

    def _limited(self, candidate: Candidate) -> Iterator[Step]:
        """Timeout and retries (`convertHTTPRoute`): `backendRequest` is for each try only beside `retry`."""
        rule, route = candidate.rule, candidate.route
        timeouts, retry = rule.timeouts, rule.retry
        whole = timeouts.request if timeouts is not None and seconds(timeouts.request) else None
        each = timeouts.backend_request if timeouts is not None and seconds(timeouts.backend_request) else None
        if each and retry is None:
            yield Step(f"timeout {each} for all tries together", at(route, timeouts, "backend_request"))
        elif whole:
            yield Step(f"timeout {whole} for all tries together", at(route, timeouts, "request"))
        else:
            yield Step("no timeout")
        if retry is None:
            yield retrying(self._mesh, None, None)
            return
        attempts = 2 if retry.attempts is None else retry.attempts
        on = ",".join((*_RETRIED, *map(str, retry.codes or ())))
        yield retrying(self._mesh, HTTPRetry(attempts=attempts, per_try_timeout=each, retry_on=on), at(route, retry))

    def _name(self, route: HTTPRoute) -> str:
        return f"{self._mesh.namespace(route)}/{route.name}"

    @cached_property
    def _by_parent(self) -> Mapping[tuple[str, str, str], list[tuple[Resource, int | None]]]:
        index: dict[tuple[str, str, str], list[tuple[Resource, int | None]]] = {}
        routes: list[HTTPRoute | GRPCRoute] = [*self._mesh.all(HTTPRoute), *self._mesh.all(GRPCRoute)]
        for route in routes:
            for parent in route.parents:
                if parent.kind in {"Service", "ServiceEntry"} and parent.name:
                    key = (parent.kind, parent.namespace or self._mesh.namespace(route), parent.name)
                    index.setdefault(key, []).append((route, parent.port))
        return index


def of_host(routes: Iterable[HTTPRoute], host: str) -> tuple[str, Sequence[HTTPRoute]] | None:
    """The most specific host name of HTTPRoutes that takes a host, and the routes that have it, older ones first."""
    index: HostIndex[HTTPRoute] = HostIndex()
    for route in sorted(routes, key=age):
        for name in (route.spec.hostnames if route.spec else None) or ("*",):
            index.add(name, route)
    return index.most_specific(host)


def rules_of(route: HTTPRoute) -> Sequence[HTTPRouteRule]:
    """The rules; where the field is absent, the one that the CRD has by default. An empty list makes no route."""
    rules = route.spec.rules if route.spec else None
    return (HTTPRouteRule(),) if rules is None else rules


def _candidates(routes: Iterable[HTTPRoute]) -> Iterator[Candidate]:
    for route in routes:
        for number, rule in enumerate(rules_of(route), 1):
            for match in rule.matches or (None,):
                yield Candidate(route, rule, match, number)


def _by_name(conditions: Iterable[Any] | None) -> dict[str, StringMatch]:
    return {
        item.name: StringMatch(regex=item.value) if item.type == "RegularExpression" else StringMatch(exact=item.value)
        for item in conditions or ()
        if item.name
    }


def _redirected(item: HTTPRouteFilter, prefix: str, request: Request) -> str:
    redirect = item.request_redirect
    assert redirect is not None
    scheme = redirect.scheme or request.scheme
    port = f":{redirect.port}" if redirect.port else "" if redirect.scheme else request.authority[len(request.host) :]
    path = _modified(redirect.path, prefix, request.path) or request.path
    return f"{redirect.status_code or 302} to `{scheme}://{redirect.hostname or request.host}{port}{path}`"


def _modified(modifier: HTTPPathModifier | None, prefix: str, path: str) -> str | None:
    """The path after a change; None where there is none."""
    if modifier is None:
        return None
    if modifier.type == "ReplaceFullPath":
        return modifier.replace_full_path or "/"
    rest = path if prefix == "/" else path[len(prefix) :]
    return (modifier.replace_prefix_match or "").rstrip("/") + rest or "/"


def age(route: Resource) -> tuple[str, str, str]:
    """By what routes are ordered: the oldest first, those without a time by namespace and name."""
    created = route.metadata.creation_timestamp if route.metadata else None
    return created or "~", route.namespace or "", route.name
