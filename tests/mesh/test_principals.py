"""Principals: authz/matcher/string.go (StringMatcherWithPrefix), trustdomain/bundle.go (ReplaceTrustDomainAliases)."""

import pytest

from meshlint.mesh.principals import Principal, expand, is_well_formed, matches, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cluster.local/ns/shop/sa/web", Principal("cluster.local", "shop", "web")),
        ("spiffe://cluster.local/ns/shop/sa/web", Principal("cluster.local", "shop", "web")),
        ("*/ns/shop/sa/web", Principal("*", "shop", "web")),
        ("cluster.local/ns/shop/sa/*", Principal("cluster.local", "shop", "*")),
        ("ns/shop/sa/web", None),
        ("cluster.local/ns/shop/web", None),
        ("cluster.local/ns/shop/sa/", None),
        ("cluster.local/sa/web/ns/shop", None),
        ("web", None),
        ("*", None),
        ("", None),
    ],
)
def test_parse(text, expected):
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cluster.local/ns/shop/sa/web", True),
        ("*", True),
        ("*/ns/shop/sa/web", True),
        ("*/sa/web", True),
        ("*web", True),
        ("*/web", True),
        ("*/x/web", False),
        ("*s/shop/sa/web", True),
        ("*s/x/shop/sa/web", False),
        ("cluster.local/*", True),
        ("cluster*", True),
        ("cluster.local/ns/*", True),
        ("cluster.local/n*", True),
        ("cluster.local/x*", False),
        ("cluster.local/ns/shop/*", True),
        ("cluster.local/ns/shop/sa/*", True),
        ("cluster.local/ns/shop/xx/*", False),
        ("spiffe://cluster.local/ns/shop/sa/web", False),
        ("spiffe://cluster.local/ns/shop/*", False),
        ("cluster.local/ns/*/sa/web", False),
        ("*/ns/shop/sa/*", False),
        ("shop/web", False),
        ("web", False),
        ("cluster.local/ns//sa/web", False),
    ],
)
def test_what_can_match_an_identity_at_all(text, expected):
    assert is_well_formed(text) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("td/ns/shop/sa/web", True),
        ("td/ns/shop/sa/we", False),
        ("td/ns/shop/*", True),
        ("td/ns/bank/*", False),
        ("*/sa/web", True),
        ("*/sa/we", False),
        ("*", True),
        ("td/ns/*/sa/web", False),
        ("*/ns/shop/sa/*", False),
    ],
)
def test_matches(pattern, expected):
    assert matches(pattern, "td/ns/shop/sa/web") is expected


def test_any_needs_an_identity():
    assert not matches("*", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cluster.local/ns/a/sa/b", ("td/ns/a/sa/b", "old/ns/a/sa/b")),
        ("td/ns/a/sa/b", ("td/ns/a/sa/b", "old/ns/a/sa/b")),
        ("old/ns/a/sa/b", ("td/ns/a/sa/b", "old/ns/a/sa/b")),
        ("foreign/ns/a/sa/b", ("foreign/ns/a/sa/b",)),
        ("*/ns/a/sa/b", ("*/ns/a/sa/b",)),
        ("*td/ns/a/sa/b", ("*td/ns/a/sa/b", "old/ns/a/sa/b")),
        ("cluster.local/ns/a/sa/*", ("td/ns/a/sa/*", "old/ns/a/sa/*")),
        ("cluster.local/ns/a/*", ("cluster.local/ns/a/*",)),
        ("*", ("*",)),
    ],
)
def test_aliases_of_the_trust_domain(text, expected):
    assert expand(text, "td", ["old"]) == expected
