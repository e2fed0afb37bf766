"""Rules that take all that others take, and rules that take nothing."""

import pytest
from building import build, named

from meshlint.mesh.authorization_cover import contradictions, covers, is_empty


def rules_of(*texts):
    rules = "\n".join(f"  - {text}" for text in texts)
    head = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p}\nspec:\n  rules:\n"
    return named(build(head + rules), "p").rules


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("{}", "{to: [{operation: {methods: [GET]}}]}", True),
        ("{to: [{operation: {methods: [GET]}}]}", "{}", False),
        ("{to: [{operation: {methods: [GET]}}]}", "{to: [{operation: {methods: [GET]}}]}", True),
        ("{to: [{operation: {methods: [GET, PUT]}}]}", "{to: [{operation: {methods: [GET], paths: [/a]}}]}", True),
        ("{to: [{operation: {methods: [GET], paths: [/a]}}]}", "{to: [{operation: {methods: [GET]}}]}", False),
        ("{to: [{operation: {paths: ['/a*']}}]}", "{to: [{operation: {paths: ['/ab', '/a/*']}}]}", True),
        ("{to: [{operation: {paths: ['*/a']}}]}", "{to: [{operation: {paths: ['/b/a']}}]}", True),
        ("{to: [{operation: {paths: ['*/a']}}]}", "{to: [{operation: {paths: ['/b/a*']}}]}", False),
        ("{to: [{operation: {hosts: [A.example]}}]}", "{to: [{operation: {hosts: [a.example]}}]}", True),
        ("{to: [{operation: {paths: [/A]}}]}", "{to: [{operation: {paths: [/a]}}]}", False),
        ("{to: [{operation: {notPaths: [/a]}}]}", "{to: [{operation: {notPaths: ['/a*']}}]}", True),
        ("{to: [{operation: {notPaths: ['/a*']}}]}", "{to: [{operation: {notPaths: [/a]}}]}", False),
        (
            "{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}",
            "{from: [{source: {ipBlocks: [10.1.2.3, 10.2.0.0/16]}}]}",
            True,
        ),
        ("{from: [{source: {ipBlocks: [10.1.0.0/16]}}]}", "{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}", False),
        ("{from: [{source: {ipBlocks: ['::/0']}}]}", "{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}", False),
        (
            "{from: [{source: {namespaces: [a]}}, {source: {namespaces: [b]}}]}",
            "{from: [{source: {namespaces: [b]}}]}",
            True,
        ),
        (
            "{from: [{source: {namespaces: [a]}}]}",
            "{from: [{source: {namespaces: [a]}}, {source: {namespaces: [b]}}]}",
            False,
        ),
        (
            "{when: [{key: destination.port, values: ['80']}]}",
            "{when: [{key: destination.port, values: ['80']}]}",
            True,
        ),
        ("{from: [{source: {principals: ['td/*']}}]}", "{from: [{source: {principals: [td/ns/a/sa/b]}}]}", False),
        ("{from: [{source: {principals: ['*/sa/b']}}]}", "{from: [{source: {principals: [td/ns/a/sa/b]}}]}", True),
        ("{when: [{key: destination.port, values: ['80']}]}", "{to: [{operation: {ports: ['80']}}]}", False),
    ],
)
def test_covers(wide, narrow, expected):
    assert covers(*rules_of(wide, narrow)) is expected


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{to: [{operation: {methods: [GET], notMethods: [GET]}}]}", "methods"),
        ("{to: [{operation: {paths: ['/a/b'], notPaths: ['/a*']}}]}", "paths"),
        ("{to: [{operation: {paths: ['/a*'], notPaths: ['/a/b']}}]}", None),
        ("{from: [{source: {principals: [td/ns/a/sa/x], namespaces: [b]}}]}", "namespaces"),
        ("{from: [{source: {principals: [td/ns/a/sa/x, td/ns/b/sa/x], namespaces: [b]}}]}", None),
        ("{from: [{source: {principals: ['*'], namespaces: [b]}}]}", None),
        ("{from: [{source: {principals: [td/ns/a/sa/x], namespaces: ['*']}}]}", None),
        ("{to: [{operation: {ports: ['80']}}], when: [{key: destination.port, values: ['81']}]}", "ports"),
        ("{when: [{key: source.namespace, values: [a], notValues: [a]}]}", "values"),
        ("{}", None),
    ],
)
def test_contradictions(text, field):
    assert next((field for _, field, _ in contradictions(*rules_of(text))), None) == field


def test_is_empty():
    empty, full = rules_of("{}", "{to: [{operation: {ports: ['80']}}]}")
    assert is_empty(empty)
    assert not is_empty(full)
