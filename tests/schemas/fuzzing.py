"""Random mutations of valid documents, and what two implementations say of them."""

import random
from collections.abc import Iterator
from typing import Any

from schemas.samples import VARIANTS, example, kinds, replaced

from meshlint.findings import Path
from meshlint.schemas import Catalog, keywords
from meshlint.schemas.pool import Pool, Ref
from meshlint.schemas.prepare import prepare
from meshlint.schemas.versions import RELEASES, Target

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 80, 65535, 65536, 2**31, 2**32, 2**63, 1.5, float("nan"), float("inf"), 150.5),
    *("", "a", "*", "a*", "true", "80", "10s", "0s", "1us", "1d", "/", "//", "unix:///a", "unix://", "a.example.com"),
    *(
        "10.0.0.0/8",
        "http",
        "HTTP",
        "STRICT",
        "é" * 64,
        "a" * 64,
        "a" * 300,
        "a\n",
        "\u0665",
        "\x00",
        "https://a",
        "DNS",
    ),
    *([], {}, [None], ["a", "a"], {"a": None}, {"": "a"}, {"80": {}}, [[]], [{}], {"type": "Exact"}),
)


def documents(seed: int, count: int) -> Iterator[tuple[Catalog, dict[str, Any]]]:
    """Documents of all kinds and releases with up to three random mutations, and the catalog for each."""
    dice = random.Random(seed)
    catalogs = [
        Catalog(Target(istio=istio, gateway_api=RELEASES["gateway-api"][index % len(RELEASES["gateway-api"])]))
        for index, istio in enumerate(RELEASES["istio"])
    ]
    known = [(catalog, kinds(catalog.target)) for catalog in catalogs]
    for _ in range(count):
        catalog, entries = dice.choice(known)
        entry = dice.choice(entries)
        document = thinned(example(entry, dice.randrange(VARIANTS)), dice, entry.pool, entry.ref)
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
            document = mutated(document, dice)
        yield catalog, document


def thinned(value: Any, dice: random.Random, pool: Pool, ref: Ref) -> Any:
    """Some optional fields left out, as in documents that people write."""
    node = pool.node(ref)
    if type(value) is dict and "properties" in node:
        always = {"apiVersion", "kind", "metadata", "spec", *node.get("required", ())}
        below = node["properties"]
        return {
            name: thinned(item, dice, pool, below[name])
            for name, item in value.items()
            if name in always or dice.random() < 0.6
        }
    if type(value) is list and "items" in node:
        return [thinned(item, dice, pool, node["items"]) for item in value]
    return value


def mutated(document: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """One random change somewhere below `spec` or `metadata`."""
    places = [path for path in _paths(document, ()) if path and path[0] in {"spec", "metadata"}]
    if not places:
        return document
    path = dice.choice(places)
    value = _at(document, path)
    action = dice.randrange(6)
    if action == 0 and type(value) is dict:
        return replaced(
            document, path, value | {dice.choice(("zzz", "name", "type", "port", "host")): dice.choice(VALUES)}
        )
    if action == 1 and type(value) is dict and value:
        gone = dice.choice(list(value))
        return replaced(document, path, {key: item for key, item in value.items() if key != gone})
    if action == 2 and type(value) is list and value:
        return replaced(document, path, [*value, dice.choice(value)])
    if action == 3 and type(value) is str:
        return replaced(document, path, value + dice.choice(("x", "*", "\n", " ", "é", "/")))
    return replaced(document, path, dice.choice(VALUES))


def _paths(value: Any, path: Path) -> Iterator[Path]:
    yield path
    steps = value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()
    for step, item in steps:
        yield from _paths(item, (*path, step))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def oracle(catalog: Catalog, document: dict[str, Any]) -> bool:
    """What `jsonschema` says: the verdict of the structure, and of CEL where that is right."""
    entry = catalog.entry(document["apiVersion"], document["kind"])
    assert entry is not None
    prepared = prepare(entry.pool, entry.ref, document)
    return not keywords.oracle(keywords.expanded(entry), prepared)
