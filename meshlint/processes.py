"""Work in several processes: any that is numbered, and whose answers are bytes.

Processes are forked on Linux (before any thread exists), elsewhere started anew. Each is given one
chunk of numbers at a time, so that it is known what a process that dies was working on: its numbers
are tried again one by one, and the one it dies of is lost. Not a ProcessPoolExecutor, which cannot
tell that (docs/adr/0009).
"""

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_MOST = 16
"""Processes at most, where nobody says how many."""

FORK = "fork"

Out = TypeVar("Out")
Out_co = TypeVar("Out_co", covariant=True)
_Answer = list[bytes | None]
"""What came of each number of a chunk; None where the parent has to do it itself."""


class Work(Protocol[Out_co]):
    """What is to be done. Where processes are started anew it must survive pickling."""

    def begin(self) -> None:
        """Called once in each process before anything else."""

    def do(self, numbers: Sequence[int]) -> list[bytes | None]:
        """Do a chunk in another process, in its order; None where an answer cannot be told."""

    def take(self, number: int, answer: bytes | None) -> Out_co:
        """Make of an answer what the caller gets; without an answer, do it here."""

    def lose(self, number: int, end: str) -> Out_co:
        """What the caller gets where a process `end`ed while it did this."""


def workers(jobs: int | None) -> int:
    """How many processes: as told, or as many as there are cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return jobs or min(cores, _MOST)


def start_method() -> str:
    """Forking is quick, but safe only where no other thread may hold a lock."""
    threading = sys.modules.get("threading")
    return FORK if sys.platform == "linux" and (not threading or threading.active_count() == 1) else "spawn"


class _Worker(msgspec.Struct, eq=False):
    """A process, the way to it, and what it works on."""

    process: "BaseProcess"
    connection: "Connection[Any, Any]"
    chunk: Sequence[int] = ()


class Pool(Generic[Out]):
    """Processes that do one kind of work."""

    def __init__(self, work: Work[Out], method: str) -> None:
        from multiprocessing import get_context

        self._work = work
        self._context: Any = get_context(method)
        self._forks = method == FORK
        self._workers: list[_Worker] = []
        self._waiting: deque[Sequence[int]] = deque()

    def run(self, chunks: Iterable[Sequence[int]], count: int) -> Iterator[Out]:
        """Do all chunks in so many processes, in any order. However this ends, no process is left."""
        from multiprocessing.connection import wait

        self._waiting.extend(chunks)
        gc.freeze()  # what exists now is never collected, so that no process copies it
        try:
            for _ in range(min(count, len(self._waiting))):
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
        inherited = [ours, *(worker.connection for worker in self._workers)] if self._forks else []
        process = self._context.Process(target=_serve, args=(self._work, theirs, inherited), daemon=True)
        with _uninterrupted():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        self._give(worker)

    def _give(self, worker: _Worker) -> None:
        """Give a process its next chunk; without one it ends."""
        worker.chunk = self._waiting.popleft() if self._waiting else ()
        with suppress(OSError):  # it is dead: that is heard when its answer is waited for
            worker.connection.send(worker.chunk)
        if not worker.chunk:
            self._workers.remove(worker)
            worker.process.join()

    def _heard(self, worker: _Worker) -> Iterator[Out]:
        """Take the answer of a process, or find it dead."""
        chunk = worker.chunk
        try:
            answer: _Answer = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._lost(worker)
            return
        self._give(worker)
        for number, data in zip(chunk, answer, strict=True):
            yield self._work.take(number, data)

    def _lost(self, worker: _Worker) -> Iterator[Out]:
        """Try what a dead process worked on one by one; what kills a process alone is at fault."""
        self._workers.remove(worker)
        worker.process.join()
        if len(worker.chunk) == 1:
            yield self._work.lose(worker.chunk[0], _end(worker.process.exitcode))
        else:
            self._waiting.extendleft((number,) for number in reversed(worker.chunk))
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


def _serve(work: Work[object], connection: "Connection[Any, Any]", inherited: "list[Connection[Any, Any]]") -> None:
    """What another process does: its chunks until there are no more, or nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in inherited:
        other.close()
    work.begin()
    with suppress(EOFError, OSError):
        while chunk := connection.recv():
            connection.send(work.do(chunk))
