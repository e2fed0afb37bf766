"""The map step in several processes.

Processes are forked on Linux (before any thread exists), elsewhere started anew. Each is given one
chunk of sources at a time, by number, so that it is known what a process that dies was working on:
its sources are tried again one by one, and the one it dies of becomes a finding. Not a
ProcessPoolExecutor, which cannot tell that (docs/adr/0009).
"""

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.local import Mapped
from meshlint.mapping import Mapper, Task, failed
from meshlint.registry import MOUNTED, mount
from meshlint.ruleset import OptionsError
from meshlint.wire import UNPACKABLE, pack, unpack

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_ALONE = 200_000
"""Bytes that are judged before forking (but a tenth at most): what they need is then imported once for all."""
_CHUNK = 400_000
"""Bytes of a chunk at most, so that no process waits long for the last one."""
_MOST = 16
"""Processes at most, where nobody says how many."""

Judged = tuple[int, Mapped, bytes | None]
"""A source by its number, what is known of it, and that as it came from another process."""

_Answer = list[bytes | None]
"""What came of each source of a chunk, packed; None where the parent has to judge it itself."""


def shared(mapper: Mapper, numbers: Sequence[int], jobs: int | None, method: str | None = None) -> Iterator[Judged]:
    """Judge sources in so many processes (None: as many as there are cores), in any order.

    `method` is how they start: `fork`, `spawn`, None for what is right here.
    """
    size = mapper.task.stock.size
    workers = jobs or min(_cores(), _MOST)
    method = method or _start_method()
    if workers == 1:
        chunks: list[list[int]] = []
        alone = len(numbers)
    else:
        alone = _first(numbers, size) if method == "fork" else 0
        chunks = _cut(numbers[alone:], size, workers)
    for number in numbers[:alone]:
        yield number, mapper.map(number), None
    if chunks:
        yield from _Pool(mapper, method).run(chunks, min(workers, len(chunks)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start_method() -> str:
    """Forking is quick, but safe only where no other thread may hold a lock."""
    threading = sys.modules.get("threading")
    return "fork" if sys.platform == "linux" and (not threading or threading.active_count() == 1) else "spawn"


def _first(numbers: Sequence[int], size: Callable[[int], int]) -> int:
    """How many sources to judge before forking."""
    most = min(_ALONE, sum(map(size, numbers)) // 10)
    seen = 0
    for count, number in enumerate(numbers):
        if seen >= most:
            return count
        seen += size(number)
    return len(numbers)


def _cut(numbers: Sequence[int], size: Callable[[int], int], workers: int) -> list[list[int]]:
    """Chunks of about equal bytes, several for each process."""
    most = min(_CHUNK, sum(map(size, numbers)) // (workers * 4) + 1)
    chunks: list[list[int]] = []
    room = 0
    for number in numbers:
        if room <= 0:
            chunks.append([])
            room = most
        chunks[-1].append(number)
        room -= size(number)
    return chunks


class _Worker(msgspec.Struct, eq=False):
    """A process, the way to it, and what it works on."""

    process: "BaseProcess"
    connection: "Connection[Any, Any]"
    chunk: list[int] = []


class _Pool:
    """Processes that judge chunks."""

    def __init__(self, mapper: Mapper, method: str) -> None:
        from multiprocessing import get_context

        self._mapper = mapper
        self._context: Any = get_context(method)
        self._forks = method == "fork"
        self._workers: list[_Worker] = []
        self._waiting: deque[list[int]] = deque()

    def run(self, chunks: Iterable[list[int]], count: int) -> Iterator[Judged]:
        """Judge all chunks in so many processes. However this ends, no process is left."""
        from multiprocessing.connection import wait

        self._waiting.extend(chunks)
        gc.freeze()  # what exists now is never collected, so that no process copies it
        try:
            for _ in range(count):
                self._start()
            while self._workers:
                ready = wait([worker.connection for worker in self._workers])
                for worker in [worker for worker in self._workers if worker.connection in ready]:
                    yield from self._heard(worker)
        finally:
            gc.unfreeze()
            for worker in self._workers:
                worker.process.kill()
                worker.process.join()

    def _start(self) -> None:
        """Start a process and give it work."""
        ours, theirs = self._context.Pipe()
        if self._forks:
            inherited = [ours, *(worker.connection for worker in self._workers)]
            arguments: tuple[Any, ...] = (self._mapper, {}, theirs, inherited)
        else:
            arguments = (self._mapper.task, MOUNTED, theirs, [])
        process = self._context.Process(target=_work, args=arguments, daemon=True)
        with _uninterrupted():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        self._give(worker)

    def _give(self, worker: _Worker) -> None:
        """Give a process its next chunk; without one it ends."""
        worker.chunk = self._waiting.popleft() if self._waiting else []
        with suppress(OSError):  # it is dead: that is heard when its answer is waited for
            worker.connection.send(worker.chunk)
        if not worker.chunk:
            self._workers.remove(worker)
            worker.process.join()

    def _heard(self, worker: _Worker) -> Iterator[Judged]:
        """Take the answer of a process, or find it dead."""
        chunk = worker.chunk
        try:
            answer: _Answer = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._lost(worker)
            return
        self._give(worker)
        for number, data in zip(chunk, answer, strict=True):
            yield self._taken(number, data)

    def _taken(self, number: int, data: bytes | None) -> Judged:
        if data is not None:
            with suppress(*UNPACKABLE):
                return number, unpack(data, number), data
        return number, self._mapper.map(number), None

    def _lost(self, worker: _Worker) -> Iterator[Judged]:
        """Try what a dead process worked on one by one; what kills a process alone is at fault."""
        self._workers.remove(worker)
        worker.process.join()
        if len(worker.chunk) == 1:
            number = worker.chunk[0]
            path = self._mapper.task.stock.path(number)
            yield number, failed(path, number, f"the process that judged it {_end(worker.process.exitcode)}"), None
        else:
            self._waiting.extendleft([number] for number in reversed(worker.chunk))
        if self._waiting:
            self._start()


def _end(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by signal {-code}"
    return f"ended with exit code {code}"


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A process that is started in here inherits that Ctrl-C waits, until it says that it ignores it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    given: Mapper | Task,
    mounted: Mapping[str, str],
    connection: "Connection[Any, Any]",
    inherited: "list[Connection[Any, Any]]",
) -> None:
    """What another process does: judge chunks until there are no more, or nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in inherited:
        other.close()
    for package, root in mounted.items():
        mount(package, root)
    mapper = given if isinstance(given, Mapper) else Mapper(given)
    mapper.task.stock.freeze()
    with suppress(EOFError, OSError):
        while chunk := connection.recv():
            connection.send([_answer(mapper, number) for number in chunk])


def _answer(mapper: Mapper, number: int) -> bytes | None:
    try:
        return pack(mapper.task.stock.path(number), mapper.map(number))
    except (OptionsError, *UNPACKABLE):
        return None
