"""The Gateway API's CEL rules, 1.0 and later."""

from meshlint.schemas.constraints.base import Constraint

_HOST = r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
_DNS = r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$"
_SAME_NAMESPACE = (
    "(((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || "
    "(has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__))"
)
_SAME_NAME = "p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name"
_SECTION_SET = "(!has(p1.sectionName) || p1.sectionName == '') == (!has(p2.sectionName) || p2.sectionName == '')"
_PORT_SET = "(!has(p1.port) || p1.port == 0) == (!has(p2.port) || p2.port == 0)"
_SAME_SECTION = (
    "(((!has(p1.sectionName) || p1.sectionName == '') && (!has(p2.sectionName) || p2.sectionName == '')) || "
    "(has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))"
)
_SAME_PORT = (
    "(((!has(p1.port) || p1.port == 0) && (!has(p2.port) || p2.port == 0)) || "
    "(has(p1.port) && has(p2.port) && p1.port == p2.port))"
)
_SAME_HOST = (
    "(has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))"
)
_EXACT_OR_PREFIX = "(self.type in ['Exact','PathPrefix'])"
_NO_PREFIX_MATCH = (
    "((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') "
    "? false : true) : true"
)


def _filter(field: str, kind: str) -> tuple[Constraint, Constraint]:
    """A filter of a type has the field of that type, and no field of another."""
    return (
        Constraint(
            f"{field}-only-for-its-type",
            f"`{field}` is set, but the filter's `type` is not `{kind}`",
            (f"!(has(self.{field}) && self.type != '{kind}')",),
            field=field,
            help=f"set `type: {kind}`, or remove `{field}`",
        ),
        Constraint(
            f"{field}-for-its-type",
            f"a filter of `type: {kind}` needs `{field}`",
            (f"!(!has(self.{field}) && self.type == '{kind}')",),
            field="type",
            help=f"add `{field}`",
        ),
    )


def _pair(name: str, field: str, tag: str, kind: str) -> tuple[Constraint, Constraint]:
    """A field that is there if and only if the tag says so."""
    return (
        Constraint(
            f"{name}-needed",
            f"`{tag}: {kind}` needs `{field}`",
            (f"self.{tag} == '{kind}' ? has(self.{field}) : true",),
            field=tag,
            help=f"add `{field}`",
        ),
        Constraint(
            f"{name}-only",
            f"`{field}` goes only with `{tag}: {kind}`",
            (f"has(self.{field}) ? self.{tag} == '{kind}' : true",),
            field=field,
            help=f"set `{tag}: {kind}`, or remove `{field}`",
        ),
    )


def _single(kind: str) -> Constraint:
    return Constraint(
        f"one-{kind}",
        f"a list of filters may hold one `{kind}` only",
        (f"self.filter(f, f.type == '{kind}').size() <= 1",),
        help="merge them into one filter",
    )


def _path(name: str, what: str, rule: str) -> Constraint:
    return Constraint(
        f"path-{name}",
        f"the path `{{value}}` {what}: a path of type `Exact` or `PathPrefix` is compared after normalisation, "
        "so it would never match",
        (f"{_EXACT_OR_PREFIX} ? {rule} : true",),
        field="value",
    )


def _alternative_name(kind: str, field: str) -> tuple[Constraint, Constraint]:
    return (
        Constraint(
            f"san-{field}-needed",
            f"a subject alternative name of `type: {kind}` needs `{field}`",
            (f'!(self.type == "{kind}" && (!has(self.{field}) || self.{field} == ""))',),
            field="type",
        ),
        Constraint(
            f"san-{field}-only",
            f"`{field}` goes only with `type: {kind}`",
            (f'!(self.type != "{kind}" && has(self.{field}) && self.{field} != "")',),
            field=field,
        ),
    )


def _certificates(name: str, references: str, well_known: str) -> tuple[Constraint, Constraint]:
    given = f"has(self.{references}) && size(self.{references}) > 0"
    system = f'has(self.{well_known}) && self.{well_known} != ""'
    return (
        Constraint(
            f"{name}-not-both",
            f"`{references}` and `{well_known}` cannot be combined",
            (f"!({given} && {system})",),
            field=well_known,
            help="keep one of them",
        ),
        Constraint(
            f"{name}-needed",
            f"without `{references}` or `{well_known}` no certificate can be verified",
            (f"({given} || {system})",),
            help=f"add one of them: `{well_known}: System` uses the authorities of the proxy's image",
        ),
    )


def _sum_of_matches(term: str) -> str:
    return " + ".join(f"(self.size() > {n} ? {term.format(n=n)} : 0)" for n in range(16)) + " <= 128"


def _prefix_rewrite(kind: str, field: str, *, in_backend: bool) -> Constraint:
    path = f"f.{field}.path"
    one = (
        f"exists_one(f, has(f.{field}) && has({path}) && {path}.type == 'ReplacePrefixMatch' && "
        f"has({path}.replacePrefixMatch))"
    )
    condition = (
        f"(has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) && b.filters.{one})))"
        if in_backend
        else f"(has(self.filters) && self.filters.{one})"
    )
    return Constraint(
        f"{field}-prefix{'-in-backend' if in_backend else ''}",
        f"a `{kind}` filter with `replacePrefixMatch` needs exactly one match in its rule, with a path of type "
        "`PathPrefix`: otherwise there is no prefix to replace",
        (f"{condition} ? {_NO_PREFIX_MATCH}",),
        field="matches",
        help="split the rule, or use `replaceFullPath`",
    )


CONSTRAINTS: tuple[Constraint, ...] = (
    *_filter("requestHeaderModifier", "RequestHeaderModifier"),
    *_filter("responseHeaderModifier", "ResponseHeaderModifier"),
    *_filter("requestMirror", "RequestMirror"),
    *_filter("requestRedirect", "RequestRedirect"),
    *_filter("urlRewrite", "URLRewrite"),
    *_filter("extensionRef", "ExtensionRef"),
    *_filter("cors", "CORS"),
    *_filter("externalAuth", "ExternalAuth"),
    *_pair("external-auth-grpc", "grpc", "protocol", "GRPC"),
    *_pair("external-auth-http", "http", "protocol", "HTTP"),
    *_pair("replace-full-path", "replaceFullPath", "type", "ReplaceFullPath"),
    *_pair("replace-prefix-match", "replacePrefixMatch", "type", "ReplacePrefixMatch"),
    *map(_single, ("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "CORS")),
    Constraint(
        "redirect-or-rewrite",
        "`RequestRedirect` and `URLRewrite` cannot be combined: a redirected request is never forwarded",
        ("!(self.exists(f, f.type == 'RequestRedirect') && self.exists(f, f.type == 'URLRewrite'))",),
        help="keep one of them",
    ),
    Constraint(
        "redirect-without-backends",
        "a rule with a `RequestRedirect` filter forwards nothing, so it may have no `backendRefs`",
        (
            (
                "(has(self.backendRefs) && size(self.backendRefs) > 0) ? "
                "(!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))): true"
            ),
        ),
        field="backendRefs",
        help="remove `backendRefs`, or move the redirect into a rule of its own",
    ),
    _prefix_rewrite("RequestRedirect", "requestRedirect", in_backend=False),
    _prefix_rewrite("URLRewrite", "urlRewrite", in_backend=False),
    _prefix_rewrite("RequestRedirect", "requestRedirect", in_backend=True),
    _prefix_rewrite("URLRewrite", "urlRewrite", in_backend=True),
    Constraint(
        "timeouts-order",
        "`backendRequest` is longer than `request`, which ends first and makes it void",
        (
            (
                "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && "
                "duration(self.backendRequest) > duration(self.request))"
            ),
        ),
        field="backendRequest",
    ),
    Constraint(
        "percent-or-fraction",
        "`percent` and `fraction` cannot be combined",
        ("!(has(self.percent) && has(self.fraction))",),
        names=("percent", "fraction"),
        help="keep one of them",
    ),
    Constraint(
        "fraction-at-most-one",
        "`numerator` is larger than `denominator`: more than all requests cannot be mirrored",
        ("self.numerator <= self.denominator",),
        field="numerator",
    ),
    Constraint(
        "star-alone",
        "`*` already stands for all, so it must be the only item",
        ("!('*' in self && self.size() > 1)",),
        help="remove the other items, or remove `*`",
    ),
    Constraint(
        "backend-port",
        "a reference to a Service needs a `port`",
        ("(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",),
        help="add `port`",
    ),
    Constraint(
        "path-type",
        "`{value}` is no type of a path match: `Exact`, `PathPrefix` or `RegularExpression`",
        ("self.type in ['Exact','PathPrefix'] || self.type == 'RegularExpression'",),
        field="type",
    ),
    _path("slash", "does not start with `/`", "self.value.startsWith('/')"),
    _path("double-slash", "holds `//`", "!self.value.contains('//')"),
    _path("dot", "holds `/./`", "!self.value.contains('/./')"),
    _path("dot-dot", "holds `/../`", "!self.value.contains('/../')"),
    _path("escaped-slash", "holds `%2f`", "!self.value.contains('%2f')"),
    _path("escaped-slash-capital", "holds `%2F`", "!self.value.contains('%2F')"),
    _path("fragment", "holds `#`", "!self.value.contains('#')"),
    _path("ends-dot-dot", "ends in `/..`", "!self.value.endsWith('/..')"),
    _path("ends-dot", "ends in `/.`", "!self.value.endsWith('/.')"),
    _path(
        "characters",
        "holds a character that no URL path has",
        r"""self.value.matches(r'''^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$''')""",
    ),
    Constraint(
        "grpc-type-needs-method",
        "a method match with a `type` needs `service` or `method`",
        ("has(self.type) ? has(self.service) || has(self.method) : true",),
        help="add `service` or `method`, or leave the match out",
    ),
    Constraint(
        "grpc-service-name",
        "`{value}` is no name of a gRPC service: words of letters, digits and `_`, joined by dots",
        (
            (
                "(!has(self.type) || self.type == 'Exact') && has(self.service) ? "
                r"""self.service.matches(r'''^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$'''): true"""
            ),
        ),
        field="service",
        help="use `type: RegularExpression` for a pattern",
    ),
    Constraint(
        "grpc-method-name",
        "`{value}` is no name of a gRPC method: letters, digits and `_`",
        (
            (
                "(!has(self.type) || self.type == 'Exact') && has(self.method) ? "
                "self.method.matches(r'''^[A-Za-z_][A-Za-z_0-9]*$'''): true"
            ),
        ),
        field="method",
        help="use `type: RegularExpression` for a pattern",
    ),
    Constraint(
        "too-many-matches",
        "the rules of a route may hold 128 matches together",
        (
            _sum_of_matches("self[{n}].matches.size()"),
            _sum_of_matches("(has(self[{n}].matches) ? self[{n}].matches.size() : 0)"),
        ),
        help="split the route",
    ),
    Constraint(
        "unique-rule-name",
        "the name of a rule must be unique within its route",
        ("self.all(l1, !has(l1.name) || self.exists_one(l2, has(l2.name) && l1.name == l2.name))",),
    ),
    Constraint(
        "cookie-config-type",
        "`cookieConfig` goes only with `type: Cookie`",
        ("!has(self.cookieConfig) || self.type == 'Cookie'",),
        field="cookieConfig",
    ),
    Constraint(
        "permanent-cookie-timeout",
        "a cookie with `lifetimeType: Permanent` needs `absoluteTimeout`",
        (
            (
                "!has(self.cookieConfig.lifetimeType) || self.cookieConfig.lifetimeType != 'Permanent' || "
                "has(self.absoluteTimeout)"
            ),
            (
                "!has(self.cookieConfig) || !has(self.cookieConfig.lifetimeType) || "
                "self.cookieConfig.lifetimeType != 'Permanent' || has(self.absoluteTimeout)"
            ),
        ),
        field="cookieConfig.lifetimeType",
        help="add `absoluteTimeout`",
    ),
    Constraint(
        "parent-sections",
        "several references to one parent must each name a `sectionName`: otherwise one already stands for all",
        (
            f"self.all(p1, self.all(p2, {_SAME_NAME} && {_SAME_NAMESPACE} ? ({_SECTION_SET}) : true))",
            f"self.all(p1, self.all(p2, {_SAME_NAME} ? ({_SECTION_SET}) : true))",
        ),
    ),
    Constraint(
        "parent-sections-or-ports",
        "several references to one parent must each name a `sectionName` or `port`: otherwise one already stands for all",
        (f"self.all(p1, self.all(p2, {_SAME_NAME} && {_SAME_NAMESPACE} ? ({_SECTION_SET} && {_PORT_SET}): true))",),
    ),
    Constraint(
        "unique-parents",
        "two references name the same parent and section",
        (
            f"self.all(p1, self.exists_one(p2, {_SAME_NAME} && {_SAME_NAMESPACE} && {_SAME_SECTION} && {_SAME_PORT}))",
            f"self.all(p1, self.exists_one(p2, {_SAME_NAME} && {_SAME_NAMESPACE} && {_SAME_SECTION}))",
            f"self.all(p1, self.exists_one(p2, {_SAME_NAME} && {_SAME_SECTION}))",
        ),
        help="remove one of them",
    ),
    Constraint(
        "host-characters",
        "`{value}` is no host name: lower-case letters, digits, `-` and `.`, with a letter or digit at both ends",
        (f"self.all(h, !h.contains('*') ? h.matches(r'{_DNS}') : true)",),
    ),
    Constraint(
        "host-wildcard",
        "`*` may only be the whole first label of a host name, which it is not in `{value}`",
        (f"self.all(h, h.contains('*') ? (h.startsWith('*.') && h.substring(2).matches(r'{_DNS}')) : true)",),
        help="write `*.example.com`",
    ),
    Constraint(
        "host-no-ip",
        "the IP address `{value}` is no host name: SNI, which the route looks at, carries names only",
        ("self.all(h, !isIP(h))",),
    ),
    Constraint(
        "unique-listener-name",
        "the name of a listener must be unique",
        ("self.all(l1, self.exists_one(l2, l1.name == l2.name))",),
    ),
    Constraint(
        "unique-listener",
        "the combination of port, protocol and hostname must be unique for each listener",
        (
            f"self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && {_SAME_HOST}))",
            (
                "self.all(l1, !has(l1.port) || self.exists_one(l2, has(l2.port) && l1.port == l2.port && "
                f"l1.protocol == l2.protocol && {_SAME_HOST}))"
            ),
        ),
    ),
    Constraint(
        "listener-tls-needed",
        "a listener of protocol `HTTPS` or `TLS` needs `tls`",
        ("self.all(l, l.protocol in ['HTTPS', 'TLS'] ? has(l.tls) : true)",),
    ),
    Constraint(
        "listener-tls-mode-needed",
        "a listener of protocol `TLS` needs `tls.mode`",
        ("self.all(l, (l.protocol == 'TLS' ? has(l.tls) && has(l.tls.mode) && l.tls.mode != '' : true))",),
    ),
    Constraint(
        "listener-https-terminates",
        "a listener of protocol `HTTPS` can only terminate TLS: its `tls.mode` must be `Terminate`",
        (
            (
                "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') "
                ": true)"
            ),
        ),
        help="use `protocol: TLS` to pass TLS through",
    ),
    Constraint(
        "listener-no-tls",
        "a listener of protocol `HTTP`, `TCP` or `UDP` has no `tls`",
        ("self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",),
        help="use `protocol: HTTPS` or `TLS`, or remove `tls`",
    ),
    Constraint(
        "listener-no-hostname",
        "a listener of protocol `TCP` or `UDP` has no `hostname`: these protocols carry none",
        ("self.all(l, l.protocol in ['TCP', 'UDP']  ? (!has(l.hostname) || l.hostname == '') : true)",),
    ),
    Constraint(
        "terminate-needs-certificate",
        "a listener that terminates TLS needs a certificate",
        (
            "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 : true",
            "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
        ),
        help="add `certificateRefs`",
    ),
    Constraint(
        "unique-tls-port",
        "a port may have one TLS configuration only",
        ("self.all(t1, self.exists_one(t2, t1.port == t2.port))",),
    ),
    Constraint(
        "address-host-name",
        "`{value}` is no host name, which an address of `type: Hostname` must be",
        (
            f"self.type == 'Hostname' ? self.value.matches(r'{_HOST}'): true",
            f"self.type == 'Hostname' ? (!has(self.value) || self.value.matches(r'{_HOST}')): true",
        ),
        field="value",
    ),
    Constraint(
        "unique-host-addresses",
        "an address of `type: Hostname` may occur once only",
        (
            (
                "self.all(a1, a1.type == 'Hostname' ? self.exists_one(a2, a2.type == a1.type && a2.value == a1.value) "
                ": true )"
            ),
            (
                "self.all(a1, a1.type == 'Hostname'  && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && "
                "has(a2.value) && a2.value == a1.value) : true )"
            ),
        ),
    ),
    Constraint(
        "unique-ip-addresses",
        "an address of `type: IPAddress` may occur once only",
        (
            (
                "self.all(a1, a1.type == 'IPAddress' ? self.exists_one(a2, a2.type == a1.type && a2.value == a1.value) "
                ": true )"
            ),
            (
                "self.all(a1, a1.type == 'IPAddress' && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && "
                "has(a2.value) && a2.value == a1.value) : true )"
            ),
        ),
    ),
    Constraint(
        "label-key",
        "`{value}` is no key of a label or annotation: a name of up to 63 letters, digits, `-`, `_` and `.`, perhaps with a DNS prefix and `/`",
        (
            (
                r"self.all(key, key.matches(r'''^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
                r"([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$'''))"
            ),
        ),
    ),
    Constraint(
        "label-prefix-length",
        "the DNS prefix of the key `{value}` must be shorter than 253 characters",
        ('self.all(key, key.split("/")[0].size() < 253)',),
    ),
    *_certificates("ca-certificates", "caCertificateRefs", "wellKnownCACertificates"),
    *_certificates("ca-certs", "caCertRefs", "wellKnownCACerts"),
    *_alternative_name("Hostname", "hostname"),
    *_alternative_name("URI", "uri"),
    Constraint(
        "retry-budget-interval",
        "`{value}` is no interval from 1s to 1h",
        ("!(duration(self) < duration('1s') || duration(self) > duration('1h'))",),
    ),
    Constraint(
        "retry-rate-interval",
        "`{value}` is no interval above 0s and up to 1h",
        ("!(duration(self) == duration('0s') || duration(self) > duration('1h'))",),
    ),
    Constraint(
        "external-hostname",
        "`externalHostname` goes with `type: ExternalHostname`: both or neither",
        ("self.type == 'ExternalHostname' ? has(self.externalHostname) : !has(self.externalHostname)",),
        field="externalHostname",
    ),
    Constraint(
        "external-not-local",
        "`{value}` is a name of the cluster itself, not an external one",
        ("!self.endsWith('.cluster.local')",),
        help="refer to the Service instead",
    ),
    Constraint(
        "port-name-label",
        "`{value}` is no port name: up to 63 lower-case letters, digits and `-`, with a letter or digit at both ends",
        ("size(self) == 0 || format.dns1123Label().validate(self) == null",),
    ),
    Constraint(
        "client-certificate",
        "`clientCertificateRef` goes with `mode: ClientAndServer`: both or neither",
        ("self.mode == 'ClientAndServer' ? has(self.clientCertificateRef) : !has(self.clientCertificateRef)",),
        field="clientCertificateRef",
    ),
)
