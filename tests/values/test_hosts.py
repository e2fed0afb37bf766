"""Host names as istiod takes and refuses them."""

import pytest

from meshlint.values import hosts

LONG = ".".join(["a" * 63] * 4)


@pytest.mark.parametrize("text", ["a", "A1", "a-b", "0", "a" * 63])
def test_labels(text: str) -> None:
    assert hosts.label(text) is None


@pytest.mark.parametrize("text", ["", "-a", "a-", "a_b", "a.b", "*", "é", "a" * 64, "a\n"])
def test_no_labels(text: str) -> None:
    assert hosts.label(text)


@pytest.mark.parametrize("text", ["*", "*foo", "*-foo", "foo"])
def test_labels_with_a_wildcard(text: str) -> None:
    assert hosts.wild_label(text) is None


@pytest.mark.parametrize("text", ["", "**", "foo*", "*-", "f*o", "*" + "a" * 63])
def test_no_labels_with_a_wildcard(text: str) -> None:
    assert hosts.wild_label(text)


@pytest.mark.parametrize(
    "text", ["reviews", "reviews.shop.svc.cluster.local", "istio.io.", "1.a", LONG, "a.999999999999999999999"]
)
def test_domain_names(text: str) -> None:
    assert hosts.fqdn(text) is None


@pytest.mark.parametrize("text", ["", "a..b", ".a", "a.b_c", "*.com", "a.10", "8080", "a.+5", LONG + ".a", "a.com.."])
def test_no_domain_names(text: str) -> None:
    assert hosts.fqdn(text)


@pytest.mark.parametrize("text", ["*", "*.com", "*-a.com", "a.com", "8080", "com.", "*."])
def test_domain_names_with_a_wildcard(text: str) -> None:
    assert hosts.wild_domain(text) is None


@pytest.mark.parametrize("text", ["", "a.*", "*.10", "10.0.0.1", "a*.com", "a_b.com", "*.*.com", "https://a.com"])
def test_no_domain_names_with_a_wildcard(text: str) -> None:
    assert hosts.wild_domain(text)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("outbound_.80_._.reviews.shop.svc.cluster.local", True),
        ("outbound_.80_.v1_.reviews", True),
        ("outbound_.http_._.reviews", False),
        ("outbound_.80_._.1", False),
        ("outbound_.80_.reviews", False),
        ("outboundx_.80_._.reviews", False),
        ("*.com", True),
        ("outbound_.80_._." + "a" * 240, False),
    ],
)
def test_sni_names(text: str, fine: bool) -> None:
    assert (hosts.sni(text) is None) == fine


def test_trust_domains_may_end_in_a_number() -> None:
    assert hosts.trust_domain("td.10.") is None
    assert hosts.trust_domain("a_b")
    assert hosts.trust_domain("")


def test_addresses_stand_in_for_names() -> None:
    assert hosts.wild_domain_or_ip("10.0.0.1") is None
    assert hosts.name_or_ip("::1") is None
    assert hosts.name_or_ip("*.com")


def test_reasons_name_the_part() -> None:
    assert hosts.wild_domain("re_views.shop") == "it holds `_`; letters, digits and `-` are allowed"
    assert hosts.fqdn("a.b_c") == "its part `b_c` holds `_`; letters, digits and `-` are allowed"
    assert hosts.fqdn("10.0.0.1") == "its last part `1` is a number"


@pytest.mark.parametrize(
    ("name", "other", "within"),
    [
        ("a.com", "a.com", True),
        ("a.b.com", "*.b.com", True),
        ("b.com", "*.b.com", False),
        ("*.a.b.com", "*.b.com", True),
        ("*.com", "*.b.com", False),
        ("*.com", "*", True),
        ("*.com", "a.com", False),
        ("*.b.com", "*.b.com", True),
    ],
)
def test_hosts_within_others(name: str, other: str, within: bool) -> None:
    assert hosts.coverage([other, "z.example.com"])(name) == within


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a.com", "b.com"], []),
        (["a.com", "a.com"], [(1, "a.com", "a.com")]),
        (["*.foo.com", "foo.com"], []),
        (["*.foo.com", "a.foo.com"], [(1, "*.foo.com", "a.foo.com")]),
        (["a.foo.com", "*.foo.com"], [(1, "a.foo.com", "*.foo.com")]),
        (["*.com", "*.foo.com"], [(1, "*.com", "*.foo.com")]),
        (["*.foo.com", "*.com"], [(1, "*.foo.com", "*.com")]),
        (["*", "a"], [(1, "*", "a")]),
        (["a.com", "xa.com", "*a.com"], [(2, "xa.com", "*a.com")]),
    ],
)
def test_hosts_that_overlap(names: list[str], found: list[tuple[int, str, str]]) -> None:
    assert list(hosts.overlap(names)) == found
