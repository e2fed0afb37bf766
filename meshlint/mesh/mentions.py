"""Hosts that a text of a configuration calls: `http://stock.shop:8080/api`, `stock:8080`, `stock.shop.svc`.

Environment variables, arguments and ConfigMaps say whom a program calls. A text proves a call only
where it has the form of an address: a scheme before the host, a port behind it, or the host of a
Service in full. A bare word does so only as the whole value of a variable that is called like an
address (`DB_HOST`). Names of images, list of origins and addresses to listen on are no calls.
"""

import re
from collections.abc import Iterator

import msgspec

_ADDRESS = re.compile(
    r"(?:(?<![\w+.-])(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[^\s/@'\"]*@)?|(?<![\w./@:-]))"
    r"(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)"
    r"(?::(?P<port>[0-9]{1,5})(?![\w.]))?"
)
_PORTS = {
    "http": 80,
    "ws": 80,
    "https": 443,
    "wss": 443,
    "postgres": 5432,
    "postgresql": 5432,
    "mysql": 3306,
    "redis": 6379,
    "amqp": 5672,
    "mongodb": 27017,
    "nats": 4222,
}
"""The port of a scheme where the text names none."""

_NO_CALL = re.compile(
    r"ORIGIN|CORS|ALLOW|PROXY|LISTEN|BIND|ADVERTISE|PUBLIC|EXTERNAL|REDIRECT|CALLBACK|ISSUER|IMAGE|SELF"
)
_ADDRESS_NAME = re.compile(
    r"(?:HOST|HOSTNAME|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVICE|UPSTREAM|TARGET|BACKEND|BROKERS?)$"
)

MAX_TEXT = 200_000
"""Longer texts (dashboards, certificates) are read up to here."""


class Mention(msgspec.Struct, frozen=True):
    """A host that a text calls."""

    host: str
    port: int | None
    """As written, or that of the scheme; None where neither says it."""
    text: str
    """What is written, to quote it."""


def mentions(text: str, variable: str = "") -> Iterator[Mention]:
    """The hosts that a text calls; `variable` is the name of the setting that holds it."""
    name = variable.upper().replace("-", "_").replace(".", "_")
    if _NO_CALL.search(name):
        return
    if text and _ADDRESS_NAME.search(name) and _is_bare(text):
        yield Mention(text, None, text)
        return
    if ":" not in text and ".svc" not in text:
        return
    for match in _ADDRESS.finditer(text[:MAX_TEXT]):
        scheme, host, port = match["scheme"], match["host"], match["port"]
        if scheme or port or ".svc" in host:
            yield Mention(host, int(port) if port else _PORTS.get(scheme or ""), match[0])


def _is_bare(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and ":" not in text and not text.isdecimal()
