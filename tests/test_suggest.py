"""A near miss is one or two slips of the hand; anything further away is another word."""

import pytest

from meshlint.suggest import nearest

FIELDS = ("timeout", "retries", "perTryTimeout", "destination", "hosts", "uri", "tls", "tcp", "http")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("timout", "timeout"),
        ("retires", "retries"),
        ("PerTryTimeout", "perTryTimeout"),
        ("pertrytimout", "perTryTimeout"),
        ("perTrTimeou", "perTryTimeout"),
        ("destinaton", "destination"),
        ("host", "hosts"),
        ("url", "uri"),
        ("tsl", "tls"),
    ],
)
def test_finds_the_word_that_was_meant(word: str, expected: str) -> None:
    assert nearest(word, FIELDS) == expected


@pytest.mark.parametrize("word", ["weight", "gateway", "", "t", "tr", "destinatons1", "perTryTime", "hosts"])
def test_is_silent_about_other_words_and_known_ones(word: str) -> None:
    assert nearest(word, FIELDS) is None


def test_two_words_equally_near_are_no_answer() -> None:
    assert nearest("tp", ("tc", "ts")) is None
    assert nearest("encludePorts", ("includePorts", "excludePorts")) is None
