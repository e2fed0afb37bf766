"""URLs, key sets, identities, path templates, quantities and annotations as Istio takes and refuses them."""

from collections.abc import Callable

import pytest

from meshlint.values import hosts, identities, key_sets, numbers, path_templates, pod_annotations, quantities, urls

RSA = '{"kty": "RSA", "e": "AQAB", "n": "yeNl"}'

FINE: list[tuple[Callable[[str], str | None], list[str]]] = [
    (urls.http_url, ["https://a/b", "HTTP://a", "http:a", "https://", "http://a:99999/", "https://u@a/?b#c", "http://[::1]:80"]),
    (urls.module_url, ["oci://a/b:v1", "a.example.com/b", "/a.wasm", "file:///a.wasm", "http://a", "https://a"]),
    (key_sets.key_set, [RSA, f'{{"keys": [{RSA}]}}', '{"keys": []}', '{"keys": null}', '{"KTY": "RSA"}', '{"kty": "oct", "k": "ab=="}']),
    (identities.service_account, ["a", "a/b", "a" * 320]),
    (identities.trust_domain_pattern, ["a", "*", "*a", "a*"]),
    (path_templates.path, ["", "/", "/a b", "/*", "/{*}", "/{**}", "{*}/a/{**}/", "//{*}//"]),
    (path_templates.path_before_1_25, ["/{*}/a b", "/{*}//a", "/*"]),
    (quantities.quantity, ["1", "1.", ".5", "+1k", "-1", "100m", "1Gi", "1e3", "1E-3", "1E", "1Ei"]),
    (numbers.port_text, ["0", "65535", "00080"]),
    (hosts.address, ["a:1", "a.b:65535", "10.0.0.1:80", "[::1]:80", "a:+80"]),
    (pod_annotations.interfaces, ["", "eth0", "a.b-c_d,e", "a" * 15]),
    (pod_annotations.ports, ["", " ", "0, 65535"]),
    (pod_annotations.ranges, ["", "10.0.0.0/8,::/0"]),
]  # fmt: skip
REFUSED: list[tuple[Callable[[str], str | None], list[str]]] = [
    (urls.http_url, ["", "a", "//a", "/a", "ftp://a", "https://a:b", "https://a/%zz", "http://a b", "http://a:" + "9" * 20, "\n"]),
    (urls.module_url, ["localhost:5000/a", "ftp://a", "#%a$#@"]),
    (key_sets.key_set, ["", "a", "[]", "1", "{}", '{"keys": 1}', '{"keys": [1]}', '{"kty": "rsa"}', '{"kty": ["RSA"]}']),
    (key_sets.key_set, ['{"kty": "RSA", "e": "AQAB"}', '{"kty": "oct", "k": 1}', '{"kty": "oct", "k": "abcde"}', '{"kty": "oct", "k": "ab="}']),
    (identities.service_account, ["", "*", "a/b/c", "/a", "a/", "a" * 321]),
    (identities.trust_domain_pattern, ["", "a*b", "*a*", "**", "a/b"]),
    (path_templates.path, ["{", "/{a}", "/{*}.json", "/{**}/{*}", "/{*}/*", "/{*}//a", "/{*}/é"]),
    (path_templates.path_before_1_25, ["/{a}", "/{**}/{**}", "/{*}/a*"]),
    (quantities.quantity, ["", ".", "m", "1K", "1gi", "1 Gi", "1e", "0x1", "1\n"]),
    (numbers.port_text, ["", "-1", "+80", "65536", " 80", "80.0", "\u0661"]),
    (hosts.address, ["", "a", "a:", "a:0", "a:65536", ":80", "::1:80", "[::1]", "[::1]80", "[::1", "a_b:80", "a:b"]),
    (pod_annotations.interfaces, ["0a", "a b", "a,", "a" * 16]),
    (pod_annotations.ports, ["*", "a", "1,", "65536"]),
    (pod_annotations.ranges, ["*", "10.0.0.1", "10.0.0.0/8, ::/0", ","]),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in FINE for text in texts])
def test_fine(check: Callable[[str], str | None], text: str) -> None:
    assert check(text) is None


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in REFUSED for text in texts])
def test_refused(check: Callable[[str], str | None], text: str) -> None:
    assert check(text)


def test_secret_keys_are_told_apart() -> None:
    private = '{"kty": "EC", "crv": "P-256", "x": "yeNl", "y": "yeNl", "d": "yeNl"}'
    found = list(key_sets.secret_keys(f'{{"keys": [{RSA}, {private}, {{"kty": "oct", "k": "yeNl"}}]}}'))
    assert found == [(1, "a private EC key"), (2, "a symmetric key")]
    assert not list(key_sets.secret_keys("no key set"))


def test_what_a_host_with_a_port_reads_as() -> None:
    assert urls.module_url("localhost:5000/a") == "`localhost` is read as the scheme, since a port follows it"
