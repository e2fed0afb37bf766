"""The map step over many sources: here, or in other processes where that pays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.local import Mapped, judge
from meshlint.reading import read, read_full
from meshlint.results import crash_of, words
from meshlint.ruleset import OptionsError, RuleSet
from meshlint.schemas import Catalog
from meshlint.schemas.versions import Target
from meshlint.selection import Selection
from meshlint.sources import Skipped, Stock, Unreadable

if TYPE_CHECKING:
    from meshlint.schemas.user import UserSchema


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

    def map(self, number: int) -> Mapped:
        """Judge a source; where meshlint itself fails, that is a finding about this file, and the others go on."""
        stock = self.task.stock
        source = stock.source(number)
        if isinstance(source, Unreadable | Skipped):
            return Mapped([], [], [], {}, failure=source)
        fragment = number in self.task.fragments
        try:
            mapped = judge(source, number, self._rules, self._catalog, self._reader, fragment=fragment)
        except OptionsError:
            raise
        except Exception as error:  # noqa: BLE001 - see above
            mapped = failed(source.path, number, words(error))
        mapped.digest = stock.digest(number, source)
        return mapped


def failed(path: str, number: int, reason: str) -> Mapped:
    """What is known of a source that meshlint could not judge."""
    return Mapped([], [crash_of(path, number, reason)], [], {"unreadable": 1})


def map_all(task: Task, jobs: int | None, progress: Callable[[int], None]) -> list[Mapped]:
    """Judge all sources of the stock, in up to so many processes (None: as many as pay)."""
    done: dict[int, Mapped] = {}
    for number, mapped in _judged(task, jobs):
        done[number] = mapped
        progress(len(done))
    for number, mapped in sorted(done.items()):
        if mapped.failure is not None:
            task.stock.fail(number, mapped.failure)
    return [done[number] for number in range(len(task.stock))]


def _judged(task: Task, jobs: int | None) -> Iterator[tuple[int, Mapped]]:
    """Each source with its number, in any order."""
    mapper = Mapper(task)
    numbers = range(len(task.stock))
    if jobs == 1 or not task.stock.can_be_shared:
        for number in numbers:
            yield number, mapper.map(number)
        return
    from meshlint.parallel import shared

    yield from shared(mapper, numbers, jobs)
