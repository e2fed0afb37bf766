"""What is still to be filled in, and what only looks like it."""

import pytest

from meshlint.mesh.placeholders import is_placeholder

FORMS = [
    "${HOST}",
    "reviews.${NAMESPACE}.svc",
    "${HOST:-reviews}",
    "$(HOST)",
    "$(params.host)",
    "$HOST",
    "$HOST_NAME.example.com",
    "{{ .Values.host }}",
    "{{host}}.example.com",
    "{% if a %}b{% endif %}",
    "[[ .host ]]",
    "<%= host %>",
    "%HOST%",
    "%host.name%.example.com",
    "@HOST@",
    "@project.version@",
    "__HOST__",
    "a-__HOST__-b",
    "__1__",
    "#{HOST}#",
    "#{host}",
    "((host))",
    "%s",
    "%s.example.com",
    "a-%d",
    "<HOST>",
    "<your host>",
    "https://<host>:8080/a",
    "REPLACE_ME",
    "REPLACE-ME.example.com",
    "CHANGEME",
    "CHANGE_THIS",
    "TODO",
    "YOUR_DOMAIN.example.com",
]
LOOKALIKES = [
    "",
    "*",
    "*.foo.*",
    "re_views",
    "a__b",
    "____",
    "_dmarc.example.com",
    "$",
    "a$",
    "^(a|b)$",
    "$host",
    "100%",
    "50%since",
    "%%",
    "%REQ(x)%",
    "%zz",
    "a%20b",
    "me@example.com",
    "{a}",
    "/{*}/a",
    "/{**}",
    "{}",
    "[::1]",
    "[a-z]",
    "(?=a)b",
    "(?<!a)b",
    "a < b > c",
    "<",
    "a<b",
    "#a",
    "REPLACEMENT",
    "MY_HOST",
    "Your_host",
    "TODOS",
]


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", LOOKALIKES)
def test_lookalikes(text: str) -> None:
    assert not is_placeholder(text)
