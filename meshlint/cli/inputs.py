"""From the paths of a run to what the engine reads."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.cli.settings import failure
from meshlint.config import Effective, Flaw
from meshlint.engine import Input
from meshlint.sources import Discovery, File, Files, Skipped, Source, Unreadable, discover, load

if TYPE_CHECKING:
    from meshlint.sources.kustomizations import Kustomizations

_WILD = frozenset("*?[")

Failures = list[Unreadable | Skipped]
Reader = Callable[[File], list[Source] | Unreadable | Skipped]


class Plan(msgspec.Struct, frozen=True):
    """What a run reads: the engine's input, how many files that is, and what could not be read.

    `failures` grows while the input is consumed.
    """

    given: Input
    count: int
    failures: Failures


def plan(effective: Effective, read: Reader = load) -> Plan:
    """Find what a run reads; the files are opened, by `read`, when the engine asks for them."""
    return _planned(effective, discovered(effective), read, whole=is_whole(effective))


def plan_commit(effective: Effective, touched: Sequence[str]) -> Plan:
    """What a commit is judged by: the tracked files as git's index has them.

    Reported is what has its place, or a related one, in a file of `touched`; everything where that is empty.
    """
    from meshlint.cli.index import Index

    index = Index(os.getcwd())
    if not effective.is_from_file("paths"):
        effective = effective.with_paths(index.top)
    found = index.only_tracked(discovered(effective), _takes(effective))
    only = index.paths(found.files, touched) if touched else None
    if only is not None and not only:
        found = msgspec.structs.replace(found, files=())
    planned = _planned(effective, found, index.reader(found.files), whole=True)
    return msgspec.structs.replace(planned, given=msgspec.structs.replace(planned.given, only=only))


def _planned(effective: Effective, found: Discovery, read: Reader, *, whole: bool) -> Plan:
    context = None
    if effective.config.context:
        context = discover(effective.locations("context"), exclude=effective.config.exclude, base=effective.folder)
    discoveries = [found, context] if context else [found]
    failures: Failures = [fault for each in discoveries for fault in each.failures if each is found or fault.named]
    builds = kustomizations(discoveries)
    given = Input(
        sources=Files(found.files, failures, read),
        context=Files(_without(context.files, found.files), failures) if context else (),
        builds=builds,
        is_fragment=builds.is_fragment if builds else lambda _: False,
        charts=tuple(chart for discovery in discoveries for chart in discovery.charts),
        notes=builds.notes if builds else (),
        whole=whole,
    )
    return Plan(given, len(found.files), failures)


def _without(context: tuple[File, ...], judged: tuple[File, ...]) -> tuple[File, ...]:
    """The context but for files that are judged: read twice, they would be variants of themselves."""
    locations = {file.location for file in judged}
    return tuple(file for file in context if file.location not in locations)


def discovered(effective: Effective) -> Discovery:
    """The files of `paths`, without what `exclude` names. Raises Failure for a configuration that lints nothing.

    A path of the configuration with wildcards is a pattern: it takes the files it matches, YAML or not.
    """
    paths = effective.locations("paths")
    if not paths:
        raise failure(effective, Flaw("this names nothing to lint", "leave `paths` out, or name folders", ("paths",)))
    exclude = effective.config.exclude
    patterns = tuple(filter(_is_wild, effective.config.paths)) if effective.is_from_file("paths") else ()
    if not patterns:
        return discover(paths, exclude=exclude, base=effective.folder)
    from meshlint.patterns import matcher

    plain = [path for path in paths if not _is_wild(path)]
    roots = [effective.location("paths", _root(pattern)) for pattern in patterns]
    found = discover([*plain, *roots], exclude=exclude, include=patterns, base=effective.folder)
    matches = matcher([f"/{pattern.removeprefix('./')}" for pattern in patterns], effective.folder)
    tops = tuple(os.path.join(os.path.abspath(path), "") for path in plain)
    files = [
        file for file in found.files if matches(file.path) or file.named or (file.location + os.sep).startswith(tops)
    ]
    return msgspec.structs.replace(found, files=tuple(files))


def _takes(effective: Effective) -> Callable[[str], bool]:
    """Whether a walk would take a file, were it there."""
    from meshlint.patterns import matcher

    excluded = matcher(effective.config.exclude, effective.folder)
    tops = tuple(os.path.join(os.path.realpath(path), "") for path in effective.locations("paths"))

    def takes(location: str) -> bool:
        below = os.path.relpath(location, effective.folder).split(os.sep)
        hidden = any((part.startswith(".") and part != "..") or part in {"node_modules", "vendor"} for part in below)
        return (
            location.endswith((".yaml", ".yml")) and location.startswith(tops) and not hidden and not excluded(location)
        )

    return takes


def is_whole(effective: Effective) -> bool:
    """Whether the paths take in all that the configuration is about: then what is not there is nowhere.

    `paths` of the file do by definition; others where one of them holds the folder of the
    configuration (or the repository, or the working directory).
    """
    if effective.is_from_file("paths"):
        return True
    from meshlint.report.repository import root_of

    top = effective.file.folder if effective.file else root_of(os.getcwd()) or os.getcwd()
    top = os.path.join(os.path.realpath(top), "")
    given = [os.path.join(os.path.realpath(path), "") for path in effective.config.paths if path != "-"]
    return any(top.startswith(path) for path in given)


def kustomizations(discoveries: Sequence[Discovery]) -> "Kustomizations | None":
    """What the kustomizations of the input make of its files; None where there are none."""
    if not any(discovery.kustomizations for discovery in discoveries):
        return None
    from meshlint.sources.kustomizations import Kustomizations

    return Kustomizations(discoveries)


def _is_wild(path: str) -> bool:
    return not _WILD.isdisjoint(path)


def _root(pattern: str) -> str:
    """The folder that everything a pattern matches lies in."""
    steps = pattern.split("/")
    fixed = next(number for number, step in enumerate(steps) if _is_wild(step))
    return "/".join(steps[:fixed]) or "."
