"""Does a rule of an AuthorizationPolicy match a request?

As istiod writes rules for Envoy (`pilot/pkg/security/authz/model/model.go`, `generator.go`): of the
values of a field one has to match, of the fields all, and a `not` field none of its values. What a
request does not have matches no value, and so fulfils every `not` field. On a connection without
HTTP, a rule of ALLOW with a condition on requests is left out, while DENY, AUDIT and CUSTOM lose
the condition and keep the rest, which makes them wider.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.mesh.answers import Answer, every, opposite, some
from meshlint.mesh.principals import Principal, expand, matches
from meshlint.values.path_templates import is_template

if TYPE_CHECKING:
    from meshlint.model.security.authorization_policy import Condition, Operation, Rule, Source


class Untold(Enum):
    """What nobody says of a request: it may be anything, also absent."""

    UNTOLD = "untold"


UNTOLD = Untold.UNTOLD

Text = str | Untold | None
"""A text; None where the request has none."""


class Http(msgspec.Struct, frozen=True):
    """What makes a connection a request."""

    method: Text = UNTOLD
    host: Text = UNTOLD
    """The authority as the client sends it, with a port if it has one."""
    path: Text = UNTOLD
    """After normalisation by the proxy, without the query."""
    headers: Mapping[str, str] | Untold = UNTOLD
    """By names in lower case; a header that is not there is absent."""


class Request(msgspec.Struct, frozen=True):
    """A request, or a connection, as the proxy of the server sees it."""

    source: Principal | Untold | None = UNTOLD
    """The identity of the caller; None for plain text, which has none."""
    source_ip: Text = UNTOLD
    remote_ip: Text = UNTOLD
    destination_ip: Text = UNTOLD
    port: int | Untold = UNTOLD
    """The port of the workload."""
    sni: Text = UNTOLD
    token: Mapping[str, Any] | Untold | None = UNTOLD
    """The claims of a valid token; None for a request without one."""
    http: Http | Untold | None = UNTOLD
    """None for a connection of which the proxy does not understand requests."""


class Surroundings(msgspec.Struct, frozen=True):
    """What the meaning of a rule depends on beside its text."""

    namespace: str
    """The namespace of the policy."""
    trust_domain: str = "cluster.local"
    aliases: tuple[str, ...] = ()


_HTTP_KEYS = ("request.headers", "request.auth.")
HTTP_OPERATION = ("hosts", "not_hosts", "methods", "not_methods", "paths", "not_paths")
HTTP_SOURCE = ("request_principals", "not_request_principals")


def http_parts(rule: Rule) -> Iterator[tuple[Source | Operation | Condition, str]]:
    """The conditions of a rule that only requests have: the message, and the field of it."""
    for source in rule.sources():
        for field in HTTP_SOURCE:
            if getattr(source, field):
                yield source, field
    for operation in rule.operations():
        for field in HTTP_OPERATION:
            if getattr(operation, field):
                yield operation, field
    for condition in rule.when or ():
        if (condition.key or "").startswith(_HTTP_KEYS):
            yield condition, "key"


def match(rule: Rule, request: Request, action: str, around: Surroundings) -> Answer:
    """Whether a rule matches; unknown where that hangs on what is not told."""
    if request.http is UNTOLD:
        kinds = (_match(rule, request, Http(), around), _match_connection(rule, request, action, around))
        return kinds[0] if kinds[0] is kinds[1] else Answer.UNKNOWN
    if request.http is None:
        return _match_connection(rule, request, action, around)
    return _match(rule, request, request.http, around)


def _match_connection(rule: Rule, request: Request, action: str, around: Surroundings) -> Answer:
    if action == "ALLOW" and any(True for _ in http_parts(rule)):
        return Answer.NO
    return _match(rule, request, None, around)


def _match(rule: Rule, request: Request, http: Http | None, around: Surroundings) -> Answer:
    asked = _Asked(request, http, around)
    return every(
        (
            _one_of(rule.from_, lambda entry: asked.source(entry.source)),
            _one_of(rule.to, lambda entry: asked.operation(entry.operation)),
            every(asked.condition(condition) for condition in rule.when or ()),
        )
    )


def _one_of(entries: Sequence[Any] | None, judge: Callable[[Any], Answer]) -> Answer:
    return some(map(judge, entries)) if entries else Answer.YES


class _Asked:
    """One request, put to the conditions of rules. `http` is None where such conditions do not count."""

    def __init__(self, request: Request, http: Http | None, around: Surroundings) -> None:
        self._request, self._http, self._around = request, http, around

    def source(self, given: Source | None) -> Answer:
        if given is None:
            return Answer.YES
        request = self._request
        parts = [
            _pair(given.principals, given.not_principals, self._is_principal),
            _pair(given.namespaces, given.not_namespaces, self._is_namespace),
            _pair(given.service_accounts, given.not_service_accounts, self._is_account),
            _pair(given.trust_domains, given.not_trust_domains, self._is_trust_domain),
            _pair(given.ip_blocks, given.not_ip_blocks, lambda block: _is_in(request.source_ip, block)),
            _pair(given.remote_ip_blocks, given.not_remote_ip_blocks, lambda block: _is_in(request.remote_ip, block)),
        ]
        if self._http is not None:
            parts.append(_pair(given.request_principals, given.not_request_principals, self._is_request_principal))
        return every(parts)

    def operation(self, given: Operation | None) -> Answer:
        if given is None:
            return Answer.YES
        parts = [_pair(given.ports, given.not_ports, self._is_port)]
        if self._http is not None:
            http = self._http
            parts += [
                _pair(given.hosts, given.not_hosts, lambda host: _is_text(http.host, host, str.lower)),
                _pair(given.methods, given.not_methods, lambda method: _is_text(http.method, method)),
                _pair(given.paths, given.not_paths, lambda path: _is_path(http.path, path)),
            ]
        return every(parts)

    def condition(self, given: Condition) -> Answer:
        key = given.key or ""
        if self._http is None and key.startswith(_HTTP_KEYS):
            return Answer.YES
        return _pair(given.values, given.not_values, self._test_of(key))

    def _test_of(self, key: str) -> Callable[[str], Answer]:
        """The question that a key of `when` asks of each value."""
        request = self._request
        tests: dict[str, Callable[[str], Answer]] = {
            "source.ip": lambda block: _is_in(request.source_ip, block),
            "remote.ip": lambda block: _is_in(request.remote_ip, block),
            "destination.ip": lambda block: _is_in(request.destination_ip, block),
            "destination.port": self._is_port,
            "source.principal": self._is_principal,
            "source.namespace": self._is_namespace,
            "source.serviceAccount": self._is_account,
            "source.trustDomain": self._is_trust_domain,
            "connection.sni": lambda name: _is_text(request.sni, name),
            "request.auth.principal": self._is_request_principal,
            "request.auth.audiences": lambda value: self._is_claim(("aud",), value),
            "request.auth.presenter": lambda value: self._is_claim(("azp",), value),
        }
        if key in tests:
            return tests[key]
        if key.startswith("request.auth.claims["):
            claims = tuple(re.findall(r"\[([^\]]*)\]", key))
            return lambda value: self._is_claim(claims, value)
        if key.startswith("request.headers["):
            name = key.removeprefix("request.headers[").removesuffix("]").lower()
            return lambda value: self._is_header(name, value)
        return _unknown

    def _is_principal(self, text: str) -> Answer:
        texts = expand(text, self._around.trust_domain, self._around.aliases)
        return self._is_caller(lambda caller: any(matches(item, caller.text) for item in texts))

    def _is_namespace(self, text: str) -> Answer:
        pattern = re.compile(".*".join(map(re.escape, text.split("*"))))
        return self._is_caller(lambda caller: pattern.fullmatch(caller.namespace) is not None)

    def _is_account(self, text: str) -> Answer:
        namespace, slash, name = text.partition("/")
        wanted = (namespace, name) if slash else (self._around.namespace, text)
        return self._is_caller(lambda caller: (caller.namespace, caller.account) == wanted)

    def _is_trust_domain(self, text: str) -> Answer:
        return self._is_caller(lambda caller: matches(text, caller.trust_domain))

    def _is_caller(self, test: Callable[[Principal], bool]) -> Answer:
        source = self._request.source
        if isinstance(source, Untold):
            return Answer.UNKNOWN
        return Answer.of(source is not None and test(source))

    def _is_port(self, text: str) -> Answer:
        port = self._request.port
        return Answer.UNKNOWN if isinstance(port, Untold) else Answer.of(text == str(port))

    def _is_request_principal(self, text: str) -> Answer:
        """`issuer/subject`, parted at the last slash; a wildcard at an end of the whole is one of its part."""
        issuer, slash, subject = text.rpartition("/")
        if slash:
            wanted = (issuer, subject)
        elif text.startswith("*"):
            wanted = ("*", text)
        elif text.endswith("*"):
            wanted = (text, "*")
        else:
            wanted = (text, "")
        return every((self._is_claim(("iss",), wanted[0]), self._is_claim(("sub",), wanted[1])))

    def _is_claim(self, path: Sequence[str], pattern: str) -> Answer:
        value: Any = self._request.token
        if isinstance(value, Untold):
            return Answer.UNKNOWN
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        texts = value if isinstance(value, list | tuple) else [value]
        return Answer.of(any(isinstance(text, str) and matches(pattern, text) for text in texts))

    def _is_header(self, name: str, pattern: str) -> Answer:
        headers = self._http.headers if self._http else UNTOLD
        if isinstance(headers, Untold):
            return Answer.UNKNOWN
        if name not in headers:
            return Answer.NO
        return Answer.of(pattern == "*" or matches(pattern, headers[name]))


def _pair(values: Iterable[str] | None, not_values: Iterable[str] | None, test: Callable[[str], Answer]) -> Answer:
    """One of the values matches, if there are any, and none of the others."""
    wanted = some(map(test, values)) if values else Answer.YES
    return every((wanted, opposite(some(map(test, not_values or ())))))


def _unknown(_: str) -> Answer:
    """What no file tells, such as metadata of other filters."""
    return Answer.UNKNOWN


def _is_text(text: Text, pattern: str, fold: Callable[[str], str] = str) -> Answer:
    if isinstance(text, Untold):
        return Answer.UNKNOWN
    return Answer.of(text is not None and matches(fold(pattern), fold(text)))


def _is_path(path: Text, pattern: str) -> Answer:
    if isinstance(path, Untold) or path is None or not is_template(pattern):
        return _is_text(path, pattern)
    return Answer.of(_template(pattern).fullmatch(path) is not None)


def _template(text: str) -> re.Pattern[str]:
    """A path template as Envoy reads it: `{*}` is one segment, `{**}` any number of them."""
    parts = re.split(r"(\{\*\*?\})", text)
    meanings = {"{*}": "[^/]+", "{**}": ".*"}
    return re.compile("".join(meanings.get(part) or re.escape(part) for part in parts))


def _is_in(address: Text, block: str) -> Answer:
    if isinstance(address, Untold):
        return Answer.UNKNOWN
    if address is None:
        return Answer.NO
    from ipaddress import ip_address, ip_network

    try:
        return Answer.of(ip_address(address) in ip_network(block, strict=False))
    except ValueError:  # istiod's webhook refuses the block
        return Answer.UNKNOWN
