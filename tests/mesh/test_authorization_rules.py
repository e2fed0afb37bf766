"""One rule and one request: `pilot/pkg/security/authz/model` and `matcher`, and the pages of Istio about policies."""

import pytest
from building import build, named

from meshlint.mesh.answers import Answer
from meshlint.mesh.authorization_rules import Http, Request, Surroundings, match
from meshlint.mesh.principals import parse

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
WEB = parse("cluster.local/ns/shop/sa/web")
AROUND = Surroundings("shop")


def rule_of(text):
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    policy = f"apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {{name: p}}\nspec:\n  rules:\n  -\n{lines}"
    return named(build(policy), "p").rules[0]


def matches(text, request, action="ALLOW", around=AROUND):
    return match(rule_of(text), request, action, around)


def by_source(text, request, around=AROUND):
    return matches(f"from:\n- source: {{{text}}}", request, around=around)


def by_operation(text, **http):
    return matches(f"to:\n- operation: {{{text}}}", Request(http=Http(**http)))


def when(key, values, request, field="values"):
    return matches(f'when:\n- key: "{key}"\n  {field}: {values}', request)


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ('principals: ["cluster.local/ns/shop/sa/web"]', WEB, YES),
        ('principals: ["cluster.local/ns/shop/sa/cart"]', WEB, NO),
        ('principals: ["cluster.local/ns/shop/*"]', WEB, YES),
        ('principals: ["*/sa/web"]', WEB, YES),
        ('principals: ["*"]', WEB, YES),
        ('principals: ["spiffe://cluster.local/ns/shop/sa/web"]', WEB, NO),
        ('principals: ["*"]', None, NO),
        ('notPrincipals: ["*"]', None, YES),
        ('notPrincipals: ["cluster.local/ns/shop/sa/web"]', WEB, NO),
        ('notPrincipals: ["cluster.local/ns/shop/sa/web"]', None, YES),
        ('namespaces: ["shop"]', WEB, YES),
        ('namespaces: ["sh*"]', WEB, YES),
        ('namespaces: ["s*p"]', WEB, YES),
        ('namespaces: ["hop"]', WEB, NO),
        ('namespaces: ["shop"]', None, NO),
        ('notNamespaces: ["shop"]', None, YES),
        ('serviceAccounts: ["web"]', WEB, YES),
        ('serviceAccounts: ["shop/web"]', WEB, YES),
        ('serviceAccounts: ["till/web"]', WEB, NO),
        ('trustDomains: ["cluster.*"]', WEB, YES),
        ('notTrustDomains: ["cluster.local"]', WEB, NO),
        ('principals: ["*"], namespaces: ["till"]', WEB, NO),
    ],
)
def test_who_calls(text, source, expected):
    assert by_source(text, Request(source=source, http=Http())) is expected


def test_what_is_not_told_of_the_caller_is_unknown():
    assert by_source('principals: ["*"]', Request(http=Http())) is UNKNOWN
    assert by_source('principals: ["*"], namespaces: ["till"]', Request(source=WEB, http=Http())) is NO


def test_the_own_trust_domain_stands_for_its_aliases_and_cluster_local():
    around = Surroundings("shop", "new", ("old",))
    text = 'principals: ["cluster.local/ns/shop/sa/web"]'
    for domain in ("new", "old"):
        assert by_source(text, Request(source=parse(f"{domain}/ns/shop/sa/web"), http=Http()), around) is YES
    assert by_source(text, Request(source=parse("other/ns/shop/sa/web"), http=Http()), around) is NO


@pytest.mark.parametrize(
    ("text", "address", "expected"),
    [
        ('ipBlocks: ["10.0.0.0/8"]', "10.1.2.3", YES),
        ('ipBlocks: ["10.1.2.3"]', "10.1.2.3", YES),
        ('ipBlocks: ["10.0.0.1/8"]', "10.1.2.3", YES),
        ('ipBlocks: ["192.168.0.0/16"]', "10.1.2.3", NO),
        ('ipBlocks: ["2001:db8::/32"]', "2001:db8::1", YES),
        ('ipBlocks: ["2001:db8::/32"]', "10.1.2.3", NO),
        ('notIpBlocks: ["10.0.0.0/8"]', "10.1.2.3", NO),
        ('remoteIpBlocks: ["10.0.0.0/8"]', "10.1.2.3", UNKNOWN),
    ],
)
def test_from_which_address(text, address, expected):
    assert by_source(text, Request(source_ip=address, http=Http())) is expected


TOKEN = {"iss": "https://a.example/x", "sub": "me", "aud": ["shop", "till"], "realm": {"roles": ["admin"]}, "n": 1}


@pytest.mark.parametrize(
    ("text", "token", "expected"),
    [
        ('requestPrincipals: ["https://a.example/x/me"]', TOKEN, YES),
        ('requestPrincipals: ["https://a.example/x/*"]', TOKEN, YES),
        ('requestPrincipals: ["*/me"]', TOKEN, YES),
        ('requestPrincipals: ["*"]', TOKEN, YES),
        ('requestPrincipals: ["*"]', {"iss": "https://a.example/x"}, NO),
        ('requestPrincipals: ["*"]', None, NO),
        ('notRequestPrincipals: ["*"]', None, YES),
        ('requestPrincipals: ["me"]', TOKEN, NO),
    ],
)
def test_with_which_token(text, token, expected):
    assert by_source(text, Request(token=token, http=Http())) is expected


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("request.auth.audiences", '["till"]', YES),
        ("request.auth.presenter", '["*"]', NO),
        ("request.auth.claims[sub]", '["m*"]', YES),
        ("request.auth.claims[realm][roles]", '["admin"]', YES),
        ("request.auth.claims[realm][roles]", '["user"]', NO),
        ("request.auth.claims[n]", '["1"]', NO),
        ("request.auth.claims[missing]", '["*"]', NO),
        ("request.auth.principal", '["https://a.example/x/me"]', YES),
    ],
)
def test_claims(key, values, expected):
    assert when(key, values, Request(token=TOKEN, http=Http())) is expected


@pytest.mark.parametrize(
    ("text", "http", "expected"),
    [
        ('methods: ["GET"]', {"method": "GET"}, YES),
        ('methods: ["get"]', {"method": "GET"}, NO),
        ('notMethods: ["GET"]', {"method": "POST"}, YES),
        ('hosts: ["a.example"]', {"host": "A.example"}, YES),
        ('hosts: ["a.example"]', {"host": "a.example:8080"}, NO),
        ('hosts: ["a.example:*"]', {"host": "a.example:8080"}, YES),
        ('hosts: ["*.example"]', {"host": "a.example"}, YES),
        ('paths: ["/admin"]', {"path": "/admin"}, YES),
        ('paths: ["/admin"]', {"path": "/admin/"}, NO),
        ('paths: ["/admin*"]', {"path": "/administrator"}, YES),
        ('paths: ["*/info"]', {"path": "/a/info"}, YES),
        ('paths: ["/*"]', {"path": "/"}, YES),
        ('paths: ["/foo/{*}"]', {"path": "/foo/bar"}, YES),
        ('paths: ["/foo/{*}"]', {"path": "/foo/bar/baz"}, NO),
        ('paths: ["/foo/{*}/bar/{**}"]', {"path": "/foo/x/bar/"}, YES),
        ('paths: ["/foo/{*}/bar/{**}"]', {"path": "/foo/x/bar/y/z"}, YES),
        ('notPaths: ["/foo/{*}"]', {"path": "/foo/bar"}, NO),
        ('paths: ["/a"], methods: ["GET"]', {"path": "/a"}, UNKNOWN),
        ('paths: ["/a"], methods: ["GET"]', {"path": "/b"}, NO),
    ],
)
def test_what_is_asked(text, http, expected):
    assert by_operation(text, **http) is expected


@pytest.mark.parametrize(
    ("headers", "values", "expected"),
    [
        ({"x-user": "me"}, '["me"]', YES),
        ({"x-user": "me"}, '["*"]', YES),
        ({"x-user": ""}, '["*"]', YES),
        ({}, '["*"]', NO),
    ],
)
def test_headers_are_named_without_regard_to_case(headers, values, expected):
    assert when("request.headers[X-User]", values, Request(http=Http(headers=headers))) is expected


def test_an_absent_header_fulfils_not_values():
    assert when("request.headers[x-user]", '["me"]', Request(http=Http(headers={})), "notValues") is YES


@pytest.mark.parametrize(
    ("key", "values", "expected"),
    [
        ("destination.port", '["8080"]', YES),
        ("destination.port", '["80"]', NO),
        ("destination.ip", '["10.0.0.0/8"]', YES),
        ("source.ip", '["10.0.0.0/8"]', NO),
        ("connection.sni", '["*.example"]', YES),
        ("source.namespace", '["shop"]', YES),
        ("source.principal", '["*/sa/web"]', YES),
        ("source.serviceAccount", '["web"]', YES),
        ("source.trustDomain", '["cluster.local"]', YES),
        ("remote.ip", '["10.0.0.0/8"]', UNKNOWN),
        ("experimental.envoy.filters.a[b]", '["c"]', UNKNOWN),
    ],
)
def test_conditions(key, values, expected):
    request = Request(
        source=WEB, source_ip="192.0.2.1", destination_ip="10.1.1.1", port=8080, sni="a.example", http=Http()
    )
    assert when(key, values, request) is expected


def test_one_entry_of_from_one_of_to_and_all_of_when():
    text = """
from:
- source: {namespaces: [till]}
- source: {namespaces: [shop]}
to:
- operation: {methods: [GET]}
- operation: {paths: ["/open"]}
when:
- {key: destination.port, values: ["8080"]}
"""
    assert matches(text, Request(source=WEB, port=8080, http=Http(method="PUT", path="/open"))) is YES
    assert matches(text, Request(source=WEB, port=8080, http=Http(method="PUT", path="/shut"))) is NO
    assert matches(text, Request(source=WEB, port=8081, http=Http(method="GET", path="/"))) is NO


def test_an_empty_rule_matches_everything():
    assert matches("{}", Request()) is YES


@pytest.mark.parametrize(
    "text",
    [
        'to:\n- operation: {methods: [GET], ports: ["8080"]}',
        'from:\n- source: {notRequestPrincipals: ["*"]}\nto:\n- operation: {ports: ["8080"]}',
        'when:\n- {key: "request.headers[a]", values: [b]}\nto:\n- operation: {ports: ["8080"]}',
    ],
)
def test_without_http_allow_loses_the_rule_and_deny_the_condition(text):
    connection = Request(port=8080, http=None)
    assert matches(text, connection, "ALLOW") is NO
    assert matches(text, connection, "DENY") is YES
    assert matches(text, connection, "CUSTOM") is YES
    assert matches(text, Request(port=8081, http=None), "DENY") is NO


def test_where_it_is_not_told_whether_there_are_requests_both_have_to_agree():
    text = 'to:\n- operation: {methods: [GET], ports: ["8080"]}'
    assert matches(text, Request(port=8081)) is NO
    assert matches(text, Request(port=8080)) is UNKNOWN
    assert matches('to:\n- operation: {ports: ["8080"]}', Request(port=8080)) is YES
