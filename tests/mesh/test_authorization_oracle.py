"""The decision engine against a second one, written as simply as Istio's pages put it, over many small policies.

The second one takes policies as they stand in YAML and requests of which all is known. It knows two
values, walks through CUSTOM, DENY and ALLOW in turn, and shares no code with the first.
"""

import ipaddress
import itertools
import random

import pytest
from building import plain

from meshlint.mesh.answers import Answer
from meshlint.mesh.authorization_cover import contradictions, covers
from meshlint.mesh.authorization_rules import UNTOLD, Http, Request, Surroundings, match
from meshlint.mesh.context import Context, Entry, Origin
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.principals import parse
from meshlint.model.kinds import convert
from meshlint.model.security.authorization_policy import AuthorizationPolicy

AROUND = Surroundings("shop")
WEB = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"containers": [{"name": "web", "image": "web"}]},
}
POLICY = {"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy"}

# What rules say, by field and by key. Few values, so that they meet each other often.
SOURCE = {
    "principals": ["cluster.local/ns/a/sa/x", "cluster.local/ns/b/sa/y", "cluster.local/ns/a/*", "*/sa/x", "*"],
    "namespaces": ["a", "b", "a*", "*b", "*"],
    "serviceAccounts": ["a/x", "b/y", "x"],
    "ipBlocks": ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3"],
    "remoteIpBlocks": ["192.0.2.0/24", "192.0.2.7"],
    "requestPrincipals": ["iss/sub", "iss/*", "*/sub", "*"],
}
OPERATION = {
    "ports": ["80", "8080"],
    "hosts": ["x.example", "X.example:*", "*.example", "*"],
    "methods": ["GET", "POST", "P*"],
    "paths": ["/a", "/a/*", "*/b", "/a/b", "*", "/{*}/b", "/a/{**}"],
}
WHEN = {
    "source.ip": SOURCE["ipBlocks"],
    "source.namespace": SOURCE["namespaces"],
    "source.principal": SOURCE["principals"],
    "destination.port": OPERATION["ports"],
    "connection.sni": ["x.example", "*.example"],
    "request.headers[X-Role]": ["admin", "ad*", "*"],
    "request.auth.claims[role]": ["admin", "*min"],
}

# What requests are.
CALLERS = (None, "cluster.local/ns/a/sa/x", "cluster.local/ns/b/sa/y", "cluster.local/ns/ab/sa/x", "other/ns/a/sa/x")
TOKENS = (None, {"iss": "iss", "sub": "sub"}, {"iss": "iss", "sub": "me", "role": "admin"}, {"role": ["user", "admin"]})
HTTPS = [
    None,
    *(
        {"method": method, "host": host, "path": path, "headers": headers}
        for method, host, path, headers in zip(
            ("GET", "POST", "PUT", "GET", "POST", "GET"),
            ("x.example", "x.EXAMPLE:80", "y.example", "other", "x.example", "x.example:8080"),
            ("/a", "/a/b", "/c/b", "/", "/a/b/c", "/a/"),
            ({}, {"x-role": "admin"}, {"x-role": "user"}, {"x-role": "adept"}, {}, {"x-role": ""}),
            strict=True,
        )
    ),
]


def _wished(dice: random.Random, fields: dict) -> dict:
    """A message with a few fields, some of them excluding."""
    message = {}
    for field in dice.sample(sorted(fields), dice.choice((1, 1, 1, 2))):
        name = field if dice.random() < 0.7 else f"not{field[0].upper()}{field[1:]}"
        message[name] = dice.sample(fields[field], dice.choice((1, 1, 2)))
        if dice.random() < 0.15:
            message[f"not{field[0].upper()}{field[1:]}"] = dice.sample(fields[field], 1)
    return message


def _rule(dice: random.Random) -> dict:
    rule: dict = {}
    if dice.random() < 0.6:
        rule["from"] = [{"source": _wished(dice, SOURCE)} for _ in range(dice.choice((1, 1, 2)))]
    if dice.random() < 0.6:
        rule["to"] = [{"operation": _wished(dice, OPERATION)} for _ in range(dice.choice((1, 1, 2)))]
    if dice.random() < 0.4:
        key = dice.choice(sorted(WHEN))
        rule["when"] = [{"key": key, dice.choice(("values", "values", "notValues")): dice.sample(WHEN[key], 1)}]
    return rule


def _policies(dice: random.Random) -> list[dict]:
    count = dice.choice((0, 1, 2, 3, 4))
    return [
        {"action": action, "rules": [_rule(dice) for _ in range(dice.choice((0, 1, 1, 2)))]}
        | ({"provider": {"name": "p"}} if action == "CUSTOM" else {})
        for action in dice.choices(("ALLOW", "ALLOW", "DENY", "CUSTOM", "AUDIT"), k=count)
    ]


def _request(dice: random.Random) -> dict:
    return {
        "source": dice.choice(CALLERS),
        "ip": dice.choice(("10.1.2.3", "10.9.9.9", "203.0.113.1")),
        "remote": dice.choice(("192.0.2.7", "192.0.2.8", "203.0.113.1")),
        "port": dice.choice((80, 8080, 9090)),
        "sni": dice.choice((None, "x.example", "y.example")),
        "token": dice.choice(TOKENS),
        "http": dice.choice(HTTPS),
    }


# The second engine.


def _text(pattern: str, value: object) -> bool:
    if value is None:
        return False
    if pattern == "*":
        return value != ""
    if pattern[0] == "*":
        return str(value).endswith(pattern[1:])
    return str(value).startswith(pattern[:-1]) if pattern[-1] == "*" else pattern == value


def _path(pattern: str, path: str) -> bool:
    if "{" not in pattern:
        return _text(pattern, path)
    segments = path.split("/")
    if pattern == "/{*}/b":
        return len(segments) == 3 and segments[0] == "" and segments[1] != "" and segments[2] == "b"
    return path.startswith("/a/")


def _claim(name: str, pattern: str, token: dict | None) -> bool:
    value = (token or {}).get(name)
    return any(_text(pattern, item) for item in (value if isinstance(value, list) else [value]))


def _has(name: str, pattern: str, request: dict) -> bool:
    """Whether a request has something that a single value of a field or a key asks for."""
    caller = request["source"]
    _, _, home, _, account = caller.split("/") if caller else (None,) * 5
    http = request["http"] or {}
    if name in {"principals", "source.principal"}:
        return _text(pattern, caller)
    if name in {"namespaces", "source.namespace"}:
        return _text(pattern, home)
    if name == "serviceAccounts":
        wanted = pattern.split("/") if "/" in pattern else ["shop", pattern]
        return [home, account] == wanted
    if name in {"ipBlocks", "source.ip"}:
        return ipaddress.ip_address(request["ip"]) in ipaddress.ip_network(pattern)
    if name == "remoteIpBlocks":
        return ipaddress.ip_address(request["remote"]) in ipaddress.ip_network(pattern)
    if name == "requestPrincipals":
        issuer, subject = pattern.split("/") if "/" in pattern else ("*", "*")
        return _claim("iss", issuer, request["token"]) and _claim("sub", subject, request["token"])
    if name in {"ports", "destination.port"}:
        return pattern == str(request["port"])
    if name == "hosts":
        return _text(pattern.lower(), http["host"].lower())
    if name == "methods":
        return _text(pattern, http["method"])
    if name == "paths":
        return _path(pattern, http["path"])
    if name == "connection.sni":
        return _text(pattern, request["sni"])
    if name == "request.headers[X-Role]":
        value = http["headers"].get("x-role")
        return value is not None and (pattern == "*" or _text(pattern, value))
    assert name == "request.auth.claims[role]"
    return _claim("role", pattern, request["token"])


_OF_REQUESTS = frozenset({"hosts", "methods", "paths", "requestPrincipals"})


def _parts(rule: dict) -> list[list[list[tuple[str, list[str], bool]]]]:
    """All of these have to hold, of each one alternative: a list of name, values, and whether they exclude."""
    found = []
    for group, message in (("from", "source"), ("to", "operation")):
        alternatives = []
        for entry in rule.get(group, ()):
            conditions = []
            for name, values in entry[message].items():
                excludes = name.startswith("not")
                plain_name = name[3].lower() + name[4:] if excludes else name
                conditions.append((plain_name, values, excludes))
            alternatives.append(conditions)
        if alternatives:
            found.append(alternatives)
    for entry in rule.get("when", ()):
        key = entry["key"]
        both = [(key, entry[field], field == "notValues") for field in ("values", "notValues") if field in entry]
        found.append([both])
    return found


def _is_of_requests(name: str) -> bool:
    return name in _OF_REQUESTS or name.startswith("request.")


def _matches(rule: dict, action: str, request: dict) -> bool:
    parts = _parts(rule)
    if request["http"] is None:
        names = [name for part in parts for conditions in part for name, _, _ in conditions]
        if action == "ALLOW" and any(map(_is_of_requests, names)):
            return False
        parts = [
            [[item for item in conditions if not _is_of_requests(item[0])] for conditions in part] for part in parts
        ]
    return all(
        any(
            all(
                any(_has(name, value, request) for value in values) is not excludes
                for name, values, excludes in conditions
            )
            for conditions in part
        )
        for part in parts
    )


def _second_opinion(policies: list[dict], request: dict) -> Answer:
    """What becomes of a request; unknown where a provider of CUSTOM has the word, and nobody else refuses."""

    def matched(action: str) -> bool:
        return any(
            _matches(rule, action, request)
            for policy in policies
            if policy["action"] == action
            for rule in policy["rules"]
        )

    asked = matched("CUSTOM")
    if matched("DENY"):
        return Answer.NO
    if any(policy["action"] == "ALLOW" for policy in policies) and not matched("ALLOW"):
        return Answer.NO
    return Answer.UNKNOWN if asked else Answer.YES


# Both, side by side.


def _first(request: dict) -> Request:
    return Request(
        source=parse(request["source"]) if request["source"] else None,
        source_ip=request["ip"],
        remote_ip=request["remote"],
        port=request["port"],
        sni=request["sni"],
        token=request["token"],
        http=Http(**request["http"]) if request["http"] else None,
    )


def _mesh(policies: list[dict]) -> Mesh:
    resources = [
        WEB,
        *(
            {**POLICY, "metadata": {"name": f"p{number}", "namespace": "shop"}, "spec": spec}
            for number, spec in enumerate(policies)
        ),
    ]
    return Mesh([Entry(convert(item), Origin(number, 0, "")) for number, item in enumerate(resources)], Context())


def _modelled(rule: dict):
    policy = convert({**POLICY, "metadata": {"name": "p"}, "spec": {"rules": [rule]}})
    assert isinstance(policy, AuthorizationPolicy)
    return policy.rules[0]


SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_both_engines_decide_alike(seed):
    dice = random.Random(f"decide {seed}")
    seen = set()
    for _ in range(80):
        policies = _policies(dice)
        mesh = _mesh(policies)
        for _ in range(20):
            request = _request(dice)
            decision = mesh.authorization.decide(mesh.workloads.all[0], _first(request))
            assert decision.allowed is _second_opinion(policies, request), (policies, request)
            seen.add(decision.allowed)
            if decision.rule is not None and decision.policy is not None:
                number = int(decision.policy.name.removeprefix("p"))
                written = next(
                    rule
                    for rule, modelled in zip(policies[number]["rules"], decision.policy.rules, strict=True)
                    if modelled is decision.rule
                )
                assert _matches(written, policies[number]["action"], request)
    assert seen == {Answer.YES, Answer.NO, Answer.UNKNOWN}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_without_knowing_all_holds_whatever_the_rest_is(seed):
    dice = random.Random(f"untold {seed}")
    fields = ("source", "source_ip", "remote_ip", "port", "sni", "token", "http")
    told = 0
    for _ in range(60):
        policies = _policies(dice)
        mesh = _mesh(policies)
        for _ in range(20):
            whole = _first(_request(dice))
            hidden = dice.sample(fields, dice.randint(1, 4))
            partly = Request(**{name: UNTOLD if name in hidden else getattr(whole, name) for name in fields})
            answer = mesh.authorization.decide(mesh.workloads.all[0], partly).allowed
            if answer is not Answer.UNKNOWN:
                told += 1
                assert mesh.authorization.decide(mesh.workloads.all[0], whole).allowed is answer, (
                    policies,
                    whole,
                    hidden,
                )
    assert told > 100


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rule_that_is_called_shadowed_takes_nothing_that_the_other_leaves(seed):
    dice = random.Random(f"shadow {seed}")
    rules = [_rule(dice) for _ in range(50)]
    modelled = [_modelled(rule) for rule in rules]
    requests = [_first(_request(dice)) for _ in range(60)]
    shadowed = 0
    for (one, wide), (two, narrow) in itertools.permutations(enumerate(modelled), 2):
        if not covers(wide, narrow):
            continue
        shadowed += 1
        for action, request in itertools.product(("ALLOW", "DENY"), requests):
            if match(narrow, request, action, AROUND) is Answer.YES:
                assert match(wide, request, action, AROUND) is Answer.YES, (
                    rules[one],
                    rules[two],
                    plain(request.source),
                )
    assert shadowed > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_no_request_fulfils_what_is_called_unsatisfiable(seed):
    dice = random.Random(f"contradiction {seed}")
    requests = [_request(dice) for _ in range(40)]
    found = 0
    for _ in range(300):
        rule = _rule(dice)
        for entries in itertools.product(rule.get("from", [None]), rule.get("to", [None])):
            parts = {name: [entry] for name, entry in zip(("from", "to"), entries, strict=True) if entry is not None}
            single = {**parts, **({"when": rule["when"]} if "when" in rule else {})}
            if not any(True for _ in contradictions(_modelled(single))):
                continue
            found += 1
            for request in requests:
                http = request["http"] or HTTPS[1]
                assert not _matches(single, "ALLOW", {**request, "http": http}), (single, request)
                assert match(_modelled(single), _first({**request, "http": http}), "DENY", AROUND) is Answer.NO
    assert found > 10
