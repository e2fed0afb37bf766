"""What other releases and other places of a kind know: since when, until when, where else."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from meshlint.findings import Path
from meshlint.schemas import versions
from meshlint.schemas.catalog import PROJECTS, Catalog, Entry
from meshlint.schemas.pool import Kind, Pool, Ref, child
from meshlint.schemas.words import nearest


def releases_with(catalog: Catalog, project: str, name: str) -> list[tuple[str, Kind]]:
    """The releases, oldest first, that know `group/Kind`, and what they know, in the target's channel."""
    found = []
    _, dash, channel = catalog.target.of(project).partition("-")
    for release in versions.RELEASES.get(project, ()):
        known = catalog.release(project, release + dash + channel).get(name)
        if known is not None:
            found.append((release, known))
    return found


def is_known(catalog: Catalog, project: str, name: str) -> bool:
    """Whether any release in any channel knows `group/Kind`."""
    return any(name in catalog.release(project, release) for release in versions.RELEASES.get(project, ()))


def served(catalog: Catalog, project: str, api_version: str, kind: str) -> tuple[str | None, str | None]:
    """The first and the last release that serve a version of a kind; None for the newest as the last."""
    group, _, version = api_version.partition("/")
    releases = [r for r, known in releases_with(catalog, project, f"{group}/{kind}") if version in known.versions]
    if not releases:
        return None, None
    return releases[0], None if releases[-1] == versions.RELEASES[project][-1] else releases[-1]


def is_experimental(catalog: Catalog, api_version: str, kind: str, path: Path = ()) -> bool:
    """Whether the target, a standard channel, leaves out a kind or a field that its release has in the other channel."""
    group, _, version = api_version.partition("/")
    project = PROJECTS.get(group, "")
    release, dash, _ = catalog.target.of(project).partition("-") if project else ("", "", "")
    known = catalog.release(project, release).get(f"{group}/{kind}") if dash else None
    if known is None or version not in known.versions:
        return False
    return follow(catalog.pool(project), known.versions[version], path) is not None


def nearest_kind(catalog: Catalog, kind: str) -> str | None:
    """The apiVersion and kind that a misspelt kind, or one in the wrong group, was meant to be."""
    known = {
        name.partition("/")[2]: f"{name.partition('/')[0]}/{next(iter(entry.versions))} {name.partition('/')[2]}"
        for project in ("gateway-api", "istio")
        for name, entry in catalog.release(project).items()
    }
    meant = nearest(kind, known)
    return known[meant] if meant else None


def kind_of(catalog: Catalog, group: str | None, kind: str) -> str | None:
    """The preferred apiVersion of a kind in a group, and the kind; None where the target has none."""
    known = catalog.known(f"{group}/", kind)
    return f"{group}/{next(iter(known.versions))} {kind}" if known else None


def field_since(catalog: Catalog, entry: Entry, path: Path) -> str | None:
    """The first release after the target in which a field exists; None where it never does."""
    for release, pool, ref in _later(catalog, entry):
        if follow(pool, ref, path) is not None:
            return release
    return None


def value_since(catalog: Catalog, entry: Entry, path: Path, value: Any) -> str | None:
    """The first release after the target that takes a value of an enum; None where none does."""
    for release, pool, ref in _later(catalog, entry):
        found = follow(pool, ref, path)
        if found is not None and value in pool.node(found).get("enum", ()):
            return release
    return None


def _later(catalog: Catalog, entry: Entry) -> Iterator[tuple[str, Pool, Ref]]:
    group, _, version = entry.api_version.partition("/")
    project = PROJECTS.get(group)
    if project is None or entry.pool is not catalog.pool(project):
        return
    target = versions.number(catalog.target.of(project))
    for release, known in releases_with(catalog, project, f"{group}/{entry.kind}"):
        is_later = versions.number(release) > target
        if is_later and version in known.versions:
            yield release, entry.pool, known.versions[version]


def follow(pool: Pool, ref: Ref, path: Path) -> Ref | None:
    """The node at a path below another; None where there is none."""
    here: Ref | None = ref
    for step in path:
        if here is None:
            return None
        here = child(pool, here, step)
    return here


_MOST_PLACES = 5


def elsewhere(entry: Entry, name: str, path: Path) -> tuple[str, ...]:
    """Where else in the kind a field of that name is legal, the places with most in common first."""
    if entry.is_json_schema:
        return ()
    here = [f"{step}" for step in path[:-1] if isinstance(step, str)]
    places = _places(entry).get(name, [])

    def distance(place: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
        steps = [step.rstrip("[]{}") for step in place[:-1]]
        shared = 0
        while shared < min(len(steps), len(here)) and steps[shared] == here[shared]:
            shared += 1
        return (len(steps) + len(here) - 2 * shared, len(steps), place)

    return tuple(".".join(place) for place in sorted(places, key=distance)[:_MOST_PLACES])


@cache
def _places(entry: Entry) -> dict[str, list[tuple[str, ...]]]:
    """Every field of a kind's spec by its name: the ways to it, with `[]` for a list and `{}` for a map."""
    found: dict[str, list[tuple[str, ...]]] = {}
    root = entry.pool.node(entry.ref)["properties"]
    waiting: list[tuple[Ref, tuple[str, ...]]] = [(root["spec"], ("spec",))] if "spec" in root else []
    while waiting:
        ref, path = waiting.pop()
        node = entry.pool.node(ref)
        for name, below in node.get("properties", {}).items():
            found.setdefault(name, []).append((*path, name))
            waiting.append((below, (*path, name)))
        for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
            if key in node:
                waiting.append((node[key], (*path[:-1], path[-1] + mark)))
    return found
