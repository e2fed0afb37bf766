"""The map step over many sources: here, or in other processes where that pays."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.local import judge
from meshlint.local_rules import LocalRules
from meshlint.mapped import Mapped
from meshlint.reading import read, read_full
from meshlint.results import crash_of, words
from meshlint.ruleset import OptionsError, RuleSet
from meshlint.schemas import Catalog
from meshlint.schemas.versions import Target
from meshlint.selection import Selection
from meshlint.sources import Source, Stock
from meshlint.spans import Spans

if TYPE_CHECKING:
    from meshlint.cache import Store
    from meshlint.schemas.user import UserSchema


_CACHED = 300_000
"""Bytes of input from which a cache saves time."""
_SHARED = 1_500_000
"""Bytes from which other processes save more time than they cost (40 ms to import, start and end)."""


class Task(msgspec.Struct, frozen=True, eq=False):
    """All that the map step depends on, as data that another process can be told."""

    stock: Stock
    selection: Selection
    options: Mapping[str, Mapping[str, Any]]
    target: Target
    schemas: "Sequence[UserSchema]" = ()
    fragments: frozenset[int] = frozenset()
    """Numbers of sources that are kustomize patches."""
    strict_yaml: bool = False


class Mapper:
    """Judges sources by their number."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._rules = RuleSet(task.selection, task.options, {Target: task.target})
        self._catalog = Catalog(task.target, task.schemas)
        self._reader = read_full if task.strict_yaml else read

    def map(self, numbers: Iterable[int]) -> Iterator[tuple[int, Mapped]]:
        """Judge sources, each with its number. Where meshlint itself fails, that is a finding about this file."""
        local = LocalRules(self._rules)
        waiting: list[tuple[int, Mapped]] = []
        for number in numbers:
            waiting.append((number, self._map(number, local)))
            if local.is_full:
                local.run()
                yield from waiting
                waiting.clear()
        local.run()
        yield from waiting

    def _map(self, number: int, local: LocalRules) -> Mapped:
        stock = self.task.stock
        source = stock.source(number)
        if not isinstance(source, Source):
            return Mapped([], [], Spans(), {}, failure=source)
        fragment = number in self.task.fragments
        try:
            mapped = judge(source, number, local, self._catalog, self._reader, fragment=fragment)
        except OptionsError:
            raise
        except Exception as error:  # noqa: BLE001 - see above
            mapped = failed(source.path, number, words(error))
        mapped.digest = stock.digest(number, source)
        return mapped


def failed(path: str, number: int, reason: str) -> Mapped:
    """What is known of a source that meshlint could not judge."""
    return Mapped([], [crash_of(path, number, reason)], Spans(), {"unreadable": 1})


class Means(msgspec.Struct, frozen=True):
    """How the map step is done; none of it changes what comes out."""

    jobs: int | None = 1
    """Processes that judge sources; None for as many as pay."""
    cache: str | None = None
    """A folder for what runs find; used however small the input is."""
    uses_cache: bool = False
    """Without a folder: whether the user's own is used, where that pays."""


def store_of(task: Task, means: Means) -> "Store | None":
    """What earlier runs left of this task; None where no cache is wanted, or none would pay."""
    if not means.cache and not (means.uses_cache and task.stock.is_larger_than(_CACHED)):
        return None
    from meshlint.cache import Store, default_folder

    return Store(means.cache or default_folder(), task)


def map_all(task: Task, jobs: int | None, store: "Store | None", progress: Callable[[int], None]) -> list[Mapped]:
    """Judge all sources of the stock."""
    stock = task.stock
    done: dict[int, Mapped] = {}
    for number, mapped in _judged(task, jobs, store):
        done[number] = mapped
        progress(len(done))
    for number, mapped in sorted(done.items()):
        if mapped.failure is not None:
            stock.fail(number, mapped.failure)
    return [done[number] for number in range(len(stock))]


def _judged(task: Task, jobs: int | None, store: "Store | None") -> Iterator[tuple[int, Mapped]]:
    """Each source with its number, in any order: those known from earlier runs first."""
    numbers: Sequence[int] = range(len(task.stock))
    if store is None:
        for number, mapped, _ in _new(task, numbers, jobs):
            yield number, mapped
        return
    missing = []
    for number in numbers:
        found = store.find(number)
        if found is None:
            missing.append(number)
        else:
            yield number, found
    for number, mapped, data in _new(task, missing, jobs):
        store.add(number, mapped, data)
        yield number, mapped
    store.save()


def _new(task: Task, numbers: Sequence[int], jobs: int | None) -> Iterator[tuple[int, Mapped, bytes | None]]:
    """Judge sources: each with its number, in any order, and packed where it came that way."""
    if jobs == 1 or not task.stock.can_be_shared or (jobs is None and not task.stock.is_larger_than(_SHARED, numbers)):
        for number, mapped in Mapper(task).map(numbers):
            yield number, mapped, None
        return
    from meshlint.parallel import shared

    yield from shared(Mapper(task), numbers, jobs)
