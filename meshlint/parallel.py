"""The map step in several processes: chunks of sources, cut by bytes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from meshlint.mapped import Mapped
from meshlint.mapping import Mapper, Task, failed
from meshlint.processes import FORK, Pool, start_method, workers
from meshlint.registry import MOUNTED, mount
from meshlint.ruleset import OptionsError
from meshlint.wire import UNPACKABLE, pack, unpack

_ALONE = 200_000
"""Bytes that are judged before forking (but a tenth at most): what they need is then imported once for all."""
_CHUNK = 400_000
"""Bytes of a chunk at most, so that no process waits long for the last one."""

Judged = tuple[int, Mapped, bytes | None]
"""A source by its number, what is known of it, and that as it came from another process."""


def shared(mapper: Mapper, numbers: Sequence[int], jobs: int | None, method: str | None = None) -> Iterator[Judged]:
    """Judge sources in so many processes (None: as many as there are cores), in any order.

    `method` is how they start: `fork`, `spawn`, None for what is right here.
    """
    size = mapper.task.stock.size
    count = workers(jobs)
    method = method or start_method()
    if count == 1:
        chunks: list[list[int]] = []
        alone = len(numbers)
    else:
        alone = _first(numbers, size) if method == FORK else 0
        chunks = _cut(numbers[alone:], size, count)
    for number, mapped in mapper.map(numbers[:alone]):
        yield number, mapped, None
    if chunks:
        yield from Pool(_Mapping(mapper), method).run(chunks, count)


def _first(numbers: Sequence[int], size: Callable[[int], int]) -> int:
    """How many sources to judge before forking."""
    most = min(_ALONE, sum(map(size, numbers)) // 10)
    seen = 0
    for count, number in enumerate(numbers):
        if seen >= most:
            return count
        seen += size(number)
    return len(numbers)


def _cut(numbers: Sequence[int], size: Callable[[int], int], count: int) -> list[list[int]]:
    """Chunks of about equal bytes, several for each process."""
    most = min(_CHUNK, sum(map(size, numbers)) // (count * 4) + 1)
    chunks: list[list[int]] = []
    room = 0
    for number in numbers:
        if room <= 0:
            chunks.append([])
            room = most
        chunks[-1].append(number)
        room -= size(number)
    return chunks


class _Mapping:
    """Judging sources, as work that other processes do."""

    def __init__(self, mapper: Mapper) -> None:
        self._mapper = mapper

    def __reduce__(self) -> tuple[object, ...]:
        return _mapping, (self._mapper.task, dict(MOUNTED))

    def begin(self) -> None:
        self._mapper.task.stock.freeze()

    def do(self, numbers: Sequence[int]) -> list[bytes | None]:
        try:
            return [self._packed(number, mapped) for number, mapped in self._mapper.map(numbers)]
        except OptionsError:
            return [None] * len(numbers)

    def _packed(self, number: int, mapped: Mapped) -> bytes | None:
        try:
            return pack(self._mapper.task.stock.path(number), mapped)
        except UNPACKABLE:
            return None

    def take(self, number: int, answer: bytes | None) -> Judged:
        if answer is not None:
            with suppress(*UNPACKABLE):
                return number, unpack(answer, number), answer
        ((_, mapped),) = self._mapper.map([number])
        return number, mapped, None

    def lose(self, number: int, end: str) -> Judged:
        path = self._mapper.task.stock.path(number)
        return number, failed(path, number, f"the process that judged it {end}"), None


def _mapping(task: Task, mounted: Mapping[str, str]) -> _Mapping:
    """The same work in a process that was started anew: it knows neither rules nor plug-ins."""
    for package, root in mounted.items():
        mount(package, root)
    return _Mapping(Mapper(task))
