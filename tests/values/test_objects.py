"""Formats of Kubernetes' object metadata; the limits are those of `apimachinery/pkg/util/validation`."""

from collections.abc import Callable

import pytest

from meshlint.values import Reason
from meshlint.values.objects import annotation_key, dns_label, label_key, label_value, subdomain

TABLE: list[tuple[Callable[[str], Reason], list[str], list[str]]] = [
    (dns_label, ["a", "1", "a-1", "a" * 63], ["", "A", "-a", "a-", "a.b", "a_b", "a" * 64, "a\n"]),
    (subdomain, ["a", "1.a-b.c", "a" * 253], ["", "A", "a..b", ".a", "a.", "a.-b", "a_b", "a" * 254, "a\n"]),
    (
        label_key,
        ["a", "A_b.c-d", "a.b/C", "a" * 63, "a" * 253 + "/a"],
        ["", "a/", "/a", "a/b/c", "A/b", "-a", "a ", "é", "a" * 64, "a" * 254 + "/a"],
    ),
    (annotation_key, ["A/b", "a.B/C_d"], ["", "/a", "a/b/c", "a b", "a_b/c"]),
    (label_value, ["", "a", "A_b.c-d", "1", "a" * 63], ["a b", "-a", "a.", "a/b", "a:b", "é", "a" * 64, "a\n"]),
]


@pytest.mark.parametrize(
    ("judge", "text", "is_good"),
    [
        (judge, text, is_good)
        for judge, good, bad in TABLE
        for texts, is_good in ((good, True), (bad, False))
        for text in texts
    ],
)
def test_formats(judge: Callable[[str], Reason], text: str, is_good: bool) -> None:
    assert (judge(text) is None) is is_good
