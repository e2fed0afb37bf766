"""Texts for the reader's fuzz tests: manifests in the shapes people write them in, and mutations of them.

Everything comes from one `random.Random`, so a seed and a number give a text again.
"""

from __future__ import annotations

from random import Random
from typing import Any

WORDS = [
    "reviews",
    "shop",
    "prod",
    "istio-system",
    "default",
    "v1",
    "v2",
    "canary",
    "ratings",
    "db",
    "x",
    "edge-gateway",
]
KEYS = [
    "name",
    "namespace",
    "labels",
    "host",
    "hosts",
    "http",
    "route",
    "destination",
    "port",
    "number",
    "match",
    "uri",
]
KEYS += [
    "weight",
    "app.kubernetes.io/name",
    "timeout",
    "retries",
    "on",
    "y",
    "1",
    "8080",
    "prefix",
    "x-y",
    "a.b/c",
    "args",
]
SCALARS = [
    "80",
    "8080",
    "0",
    "100",
    "1.5",
    "2s",
    "30s",
    "true",
    "false",
    "yes",
    "on",
    "null",
    "~",
    "'*'",
    '"*"',
    "-1",
    "1.0",
]
SCALARS += [
    "example.com",
    "reviews.prod.svc.cluster.local",
    "http://a.b/c?d=e#f",
    "a b c",
    "it's",
    "0777",
    "a:b",
    "1:30",
    "1_000",
]
SCALARS += [
    '"quoted"',
    "'single'",
    "'it''s'",
    '"a\\tb"',
    '"\\u00e9"',
    '"a\\"b"',
    "a #b",
    "a# b",
    "2024-01-01",
    "1.2.3.4/16",
    "::1",
]
SCALARS += [
    "2001:db8::1",
    "=",
    "<<",
    "a,b",
    "a]b",
    "é",
    "日本",
    "😀",
    "",
    "''",
    '""',
    "# c",
    '"{{ x }}"',
    "1e3",
    "0x1F",
    "08",
    ".5",
]
SCALARS += [
    "+1",
    "~x",
    "x.y-z/w",
    "-a",
    "a: b",
    "^/api/.*$",
    "$(NAME)",
    "<a>",
    "(b)",
    "50%",
    "a=b",
    "--flag=1",
    "; c",
    "\\d+",
    "_x",
    "/",
]
ODD_SCALARS = [
    "*",
    "*.example.com",
    "-",
    "- a",
    "?",
    "? a",
    "!x",
    "!!str 5",
    "&a b",
    "*a",
    "@x",
    "`x",
    "%x",
    "|x",
    ">x",
    "{",
    "}",
]
ODD_SCALARS += [
    "[",
    "]",
    "[]",
    "{}",
    ",",
    "\t",
    ".inf",
    "'",
    '"',
    '"a',
    "'a",
    "{{ .Values.x }}",
    "a\tb",
    '"\\x41\\n"',
    '"\\q"',
    "'a' b",
    "a:",
]
FLOWS = [
    "[a, b]",
    "[GET, 'POST']",
    "{a: b}",
    "{a: 1, b: [x, y]}",
    "[[1, 2], []]",
    '{"a": "b"}',
    '{"a":1}',
    "[a: b]",
    "{a, b}",
]
FLOWS += [
    "{a: }",
    "[2001:db8::1]",
    "{b:c}",
    "[a,b]",
    "{a:b, c: d}",
    "[*, '*']",
    "[ a , b ]",
    "{ app: x }",
    "[a, b,]",
    "[,]",
]
FLOWS += [
    "[a #c\n  , b]",
    "[a,\n  b]",
    "{a: b,\n\n c: d}",
    "[\n  a\n  ]",
    "[http://x/y]",
    "[x?y]",
    "{a: 'b', \"c\": d}",
    "[- a]",
    "[-1]",
]
NOISE = [
    " ",
    "  ",
    "\n",
    "\t",
    ":",
    ": ",
    "- ",
    "#",
    " #",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    ",",
    "|",
    ">",
    "&a ",
    "*a",
    "!!str ",
    "? ",
]
NOISE += [
    "---\n",
    "\n---\n",
    "...\n",
    "\r\n",
    "\r",
    "\x85",
    "\u2028",
    "\ufeff",
    "\x00",
    "\x07",
    "%",
    "%YAML 1.1\n",
    "<<: ",
    "@",
    "`",
]
NOISE += [
    "\\",
    "\n\n",
    "\n ",
    "\n  ",
    "é",
    "😀",
    "~",
    "null",
    "|\n",
    ">-\n",
    "|2",
    "|+\n",
    "'\n'",
    '"\n"',
    "\xa0",
    "=",
    "0",
    "-",
    "--- ",
    "\x7f",
]
HEADERS = ["|", "|-", "|+", ">", ">-", ">+", "|2", "|1-", "|-2", "> # c", "|  ", "|\t"]
PROSE = [
    "first line",
    "  indented",
    "",
    "   ",
    "a: b",
    "# no comment",
    "- item",
    "last",
    "\ttab",
    "'quote",
    "trailing  ",
    "日本",
]


SCRAPS = [
    "a",
    "b",
    ":",
    ": ",
    "- ",
    "-",
    " ",
    "  ",
    "\n",
    "\n ",
    "\n  ",
    "\n  - ",
    "\na: ",
    "\nb:",
    "\n- ",
    "'",
    '"',
    "''",
    "\\",
    "\\n",
]
SCRAPS += [
    "|",
    ">",
    "|-\n",
    ">\n",
    "|2\n",
    "+",
    "#",
    " #",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "?",
    "? ",
    "&a",
    "*a",
    "!",
    "%",
    "@",
    "`",
    "1",
    "0",
    ".",
]
SCRAPS += [
    "~",
    "y",
    "<<",
    "=",
    "\t",
    "\r\n",
    "---",
    "\n---\n",
    "...",
    "é",
    "a: ",
    "b: ",
    "'a'",
    '"b"',
    "[a, b]",
    "{a: b}",
    "text here",
    "\n\n",
]


def text(random: Random) -> str:
    """Give manifests with some damage, or a handful of scraps of YAML."""
    return scraps(random) if random.random() < 0.3 else manifests(random)


def scraps(random: Random) -> str:
    """Give a short text of whatever means something in YAML."""
    start = random.choice(("", "a: ", "a:\n  b", "- ", "a:\n- b: "))
    return start + "".join(random.choices(SCRAPS, k=random.randrange(1, 14)))


def manifests(random: Random) -> str:
    """Give a text of one to four documents, most of the time with some damage."""
    written = "".join(_document(random) for _ in range(random.choice((1, 1, 1, 2, 4))))
    if random.random() < 0.1:
        written = written.replace("\n", random.choice(("\r\n", "\r\n", "\r")))
    for _ in range(random.choice((0, 0, 0, 1, 1, 1, 2, 5))):
        written = mutated(random, written)
    return written


def mutated(random: Random, written: str) -> str:
    """Damage a text in one place: insert, delete, move, double or re-indent something."""
    start = random.randrange(len(written) + 1)
    end = min(len(written), start + random.choice((1, 1, 2, 5, 20)))
    what = random.randrange(6)
    if what <= 1:
        return written[:start] + random.choice(NOISE) + written[start:]
    if what == 2:
        return written[:start] + written[end:]
    if what == 3:
        return written[:start] + written[start:end] * 2 + written[end:]
    if what == 4:
        return written[:start] + random.choice(SCALARS + ODD_SCALARS + FLOWS) + written[end:]
    lines = written.split("\n")
    line = random.randrange(len(lines))
    lines[line] = " " * random.randrange(4) + lines[line] if random.random() < 0.5 else lines[line][1:]
    return "\n".join(lines)


def _document(random: Random) -> str:
    start = random.choice(("", "---\n", "---\n", "--- # c\n", "# c\n---\n", "\n"))
    kind = random.choice(("VirtualService", "Service", "ConfigMap", "Gateway"))
    head = f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {random.choice(WORDS)}\n"
    body = "".join(_mapping(random, 0, 1 + random.randrange(3)))
    return (
        start + (head if random.random() < 0.7 else "") + body + random.choice(("", "", "", "\n", "...\n", "# end\n"))
    )


def _mapping(random: Random, indent: int, depth: int) -> list[str]:
    pad = " " * indent
    lines: list[str] = []
    for key in random.sample(KEYS, random.randrange(1, 4)):
        written = (
            key
            if random.random() < 0.9
            else random.choice((f"'{key}'", f'"{key}"', f"{key} ", f"? {key}\n{pad}", f"&k {key}"))
        )
        lines += _field(random, f"{pad}{written}:", indent, depth)
        if random.random() < 0.05:
            lines.append(random.choice(("\n", f"{pad}# comment\n", "# comment\n", "   \n")))
    return lines


def _field(random: Random, start: str, indent: int, depth: int) -> list[str]:
    """Give the lines of a field or list item that begins with `start`."""
    form = random.random()
    if depth > 0 and form < 0.25:
        return [f"{start}{_comment(random)}\n", *_mapping(random, indent + random.choice((1, 2, 2, 2, 4)), depth - 1)]
    if depth > 0 and form < 0.45:
        return [f"{start}{_comment(random)}\n", *_sequence(random, indent + random.choice((0, 0, 2, 2, 3)), depth - 1)]
    if form < 0.52:
        return [f"{start} {random.choice(HEADERS)}\n", *_prose(random, indent)]
    if form < 0.57:
        return [f"{start} {_folded(random, indent)}\n"]
    if form < 0.68:
        return [f"{start} {random.choice(FLOWS)}{_comment(random)}\n"]
    if form < 0.69:
        return [f"{start} {random.choice(('&a', '&b', '!!str', '!t'))} {random.choice(WORDS)}\n"]
    if form < 0.72:
        return [f"{start}\n"]
    pool = random.choice(
        (WORDS, WORDS, WORDS, SCALARS, SCALARS, SCALARS, ODD_SCALARS if random.random() < 0.2 else SCALARS)
    )
    return [f"{start} {random.choice(pool)}{_comment(random)}\n"]


def _sequence(random: Random, indent: int, depth: int) -> list[str]:
    pad = " " * indent
    lines: list[str] = []
    for _ in range(random.randrange(1, 4)):
        if random.random() < 0.5:
            gap = random.choice((1, 1, 1, 3))
            first, *rest = _mapping(random, indent + 1 + gap, depth - 1)
            lines += [f"{pad}-{' ' * gap}{first.lstrip(' ')}", *rest]
        else:
            lines += _field(random, f"{pad}-", indent, depth - 1)
    return lines


def _prose(random: Random, indent: int) -> list[str]:
    pad = " " * (indent + random.choice((1, 2, 2, 2, 4)))
    return [
        f"{pad if line else ''}{line}\n"
        for line in random.choices(PROSE if random.random() < 0.1 else PROSE[:-4], k=random.randrange(5))
    ]


def _folded(random: Random, indent: int) -> str:
    """Give a plain or quoted scalar of several lines."""
    quote = random.choice(("", "", "'", '"'))
    pad = "\n" * random.choice((1, 1, 1, 2)) + " " * (indent + random.choice((1, 2, 4)))
    words: list[Any] = random.choices([*WORDS, "a, b", "#x", "- y", "it''s", "80"], k=random.randrange(2, 5))
    return quote + pad.join(words) + quote


def _comment(random: Random) -> str:
    return random.choice(("",) * 8 + (" # comment", "  # it's", " #", "   "))
