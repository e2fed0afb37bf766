"""Addresses, numbers, durations, labels, headers and exportTo as istiod takes and refuses them."""

from collections.abc import Callable

import pytest

from meshlint.values import addresses, durations, headers, labels, numbers, protocols, visibility

FINE: list[tuple[Callable[..., str | None], list[object]]] = [
    (
        addresses.ip,
        ["10.0.0.1", "::", "::1", "fe80::1%eth0", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4"],
    ),
    (addresses.subnet, ["10.0.0.1", "10.0.0.1/8", "0.0.0.0/0", "::/128", "fe80::1%eth0"]),
    (addresses.cidr, ["10.0.0.0/32", "::1/0"]),
    (addresses.unix_path, ["/var/run/a.sock", "@abstract"]),
    (numbers.port, [1, 65535]),
    (numbers.percent, [0, 100]),
    (numbers.fine_percent, [0, 0.0001, 100]),
    (numbers.http_status, [200, 600]),
    (durations.duration, ["1ms", "1.5s", "1h30m", "1000us", "no duration: the schema says so"]),
    (durations.whole_seconds, ["1s", "1000ms", "0s"]),
    (labels.label_key, ["app", "a/b", "a.b.c/app.kubernetes.io_x", "a" * 253 + "/b", "x" * 63]),
    (labels.label_value, ["", "v1", "a_b.c-d", "x" * 1000]),
    (headers.header_name, ["x-user", "a,b", "a_b", "#"]),
    (headers.strict_header_name, ["x_user-1"]),
    (headers.probe_header_name, ["x-user-1"]),
    (headers.match_header_name, [":path", "@request.auth.claims.sub", "@Request.Auth.claims[a][b]", "x-user"]),
    (
        headers.header_value,
        [
            "",
            "plain",
            "a\tb",
            "100%%",
            "%START_TIME%",
            "a %REQ(x-user)% b",
            '%A(["x", "y"])%',
            "%lower%",
            "%A( b ) %",
            "%%%B%",
            "%REQ(a%b)%",
            "%1A%",
            r"%A(b\))%",
        ],
    ),
    (protocols.protocol, ["http", "GRPC-Web", "MySQL", "udp"]),
]
REFUSED: list[tuple[Callable[..., str | None], list[object]]] = [
    (
        addresses.ip,
        ["", "10.0.0", "10.0.0.01", "256.0.0.1", "1::2::3", ":::", "1.2.3.4%a", "::1%", "10.0.0.1:80", "1:2:3:4:5:6:7"],
    ),
    (addresses.subnet, ["10.0.0.0/33", "10.0.0.0/8/8", "a/8", "fe80::1%eth0/64", "::/129", "10.0.0.0/08", ""]),
    (addresses.cidr, ["10.0.0.1"]),
    (addresses.unix_path, ["", "a.sock", "/run/"]),
    (numbers.port, [0, 65536, -1]),
    (numbers.percent, [-1, 101]),
    (numbers.fine_percent, [-0.1, 0.00001, 100.1]),
    (numbers.http_status, [199, 601]),
    (durations.duration, ["0s", "-1s", "999us", "1500us", "1.0005s"]),
    (durations.whole_seconds, ["1500ms", "1.5s"]),
    (labels.label_key, ["", "/a", "a/", "-a", "a b", "a" * 254 + "/b", "x" * 64, "a_b/c"]),
    (labels.label_value, ["-a", "a-", "a b", "*"]),
    (headers.header_name, ["", "a b", "a:b", ":path", "é"]),
    (headers.strict_header_name, ["", "a.b"]),
    (headers.probe_header_name, ["", "a_b"]),
    (
        headers.match_header_name,
        ["", ":status2", "@request.auth.claims", "@request.auth.claims.", "@request.auth.claims[]"],
    ),
    (
        headers.header_value,
        ["a\nb", "50%", "%A", "%A(b%", "%A()%", "%%%", '%A(["x" y])%', "%A(b)c%", "%A([x])%", "%A(\\"],
    ),
    (protocols.protocol, ["", "websocket", "http3"]),
]


@pytest.mark.parametrize(("check", "value"), [(check, value) for check, values in FINE for value in values])
def test_fine(check: Callable[..., str | None], value: object) -> None:
    assert check(value) is None


@pytest.mark.parametrize(("check", "value"), [(check, value) for check, values in REFUSED for value in values])
def test_refused(check: Callable[..., str | None], value: object) -> None:
    assert check(value)


def test_numbers_as_go_reads_them() -> None:
    assert [numbers.integer(text) for text in ("0503", "+5", "-1", " 1", "", "1_0", "9" * 20)] == [
        503, 5, -1, None, None, None, None,
    ]  # fmt: skip
    assert [numbers.go_bool(text) for text in ("T", "0", "yes", "tRUE")] == [True, False, None, None]


def test_primes_as_envoy_counts_them() -> None:
    assert [number for number in range(14) if numbers.is_prime(number)] == [1, 2, 3, 5, 7, 11, 13]
    assert numbers.is_prime(65537)
    assert not numbers.is_prime(5000010)


def test_bad_labels_are_named() -> None:
    found = list(labels.bad_labels({"app": "ok", "a b": "v", "version": "v 1"}))
    assert [key for key, _ in found] == ["a b", "version"]


def test_selectors_have_no_wildcards() -> None:
    assert [key for key, _ in labels.bad_selector({"app": "a*", "": "x", "v": "1"})] == ["app", ""]


@pytest.mark.parametrize(
    ("entries", "places"),
    [
        (["."], []),
        (["*"], []),
        (["a", "b"], []),
        (["a", "a"], [1]),
        ([".", "shop"], [1]),
        (["shop", "."], [1]),
        (["*", "a"], [0]),
        (["~"], [0]),
        (["a_b", ""], [0, 1]),
    ],
)
def test_export_to(entries: list[str], places: list[int]) -> None:
    assert [index for index, _ in visibility.bad_exports(entries, "shop")] == places


def test_a_service_entry_may_be_exported_to_nobody() -> None:
    assert not list(visibility.bad_exports(["~"], "shop", nobody=True))
    assert [index for index, _ in visibility.bad_exports(["~", "a"], "shop", nobody=True)] == [0]


def test_export_beside_a_workload_selector() -> None:
    assert visibility.beyond_selector(["."], "shop") is None
    assert visibility.beyond_selector(["shop"], "shop") is None
    assert visibility.beyond_selector([".", "a"], "shop")
    assert visibility.beyond_selector(["*"], "shop")
