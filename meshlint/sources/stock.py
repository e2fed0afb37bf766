"""The sources of a run by number, each of which can be read again.

A large repository is never in memory as a whole: its texts are let go after the map step, and those
that a report shows are read once more. A text that is not what was judged any more is not shown.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator

import msgspec

from meshlint.sources.loading import MARKDOWN, load
from meshlint.sources.source import STDIN, File, Skipped, Source, Unreadable

_ROOM = 12 * 1024 * 1024
"""Bytes of files up to which their texts are kept in memory, so that each is read only once. Of more none is kept."""

Reader = Callable[[File], list[Source] | Unreadable | Skipped]


class Files(msgspec.Struct, frozen=True, eq=False):
    """Files to read, one open at a time, by `read`; what cannot be read is added to `failures`."""

    files: tuple[File, ...]
    failures: list[Unreadable | Skipped]
    read: Reader = load

    def __iter__(self) -> Iterator[Source]:
        """All sources, once."""
        for file in self.files:
            loaded = self.read(file)
            if isinstance(loaded, Unreadable | Skipped):
                self.failures.append(loaded)
            else:
                yield from loaded


class Stock:
    """Sources by number, from 0: those in memory, and those in files.

    Standard input and pipes give their text only once, and how many fences a Markdown file has is
    known only when it is read: such sources are held from the start.
    """

    def __init__(self) -> None:
        self._slots: list[Source | tuple[File, Files]] = []
        self._sizes: list[int] = []
        self._held: dict[int, Source] = {}
        self._in_files = 0
        """Bytes of what can be read again."""
        self._holds = True
        """Whether texts are kept."""

    def __len__(self) -> int:
        return len(self._slots)

    def __getstate__(self) -> dict[str, object]:
        """For another process: without the texts, which it can read itself."""
        return {**vars(self), "_held": {}, "_holds": False}

    def __iter__(self) -> Iterator[Source]:
        """Those that can be read."""
        for number in range(len(self)):
            source = self.source(number)
            if isinstance(source, Source):
                yield source

    def take(self, sources: "Iterable[Source] | Files") -> None:
        """Add sources, under the next numbers."""
        if not isinstance(sources, Files):
            for source in sources:
                self._hold(source)
            return
        for file in sources.files:
            size = _size(file)
            if size is None:
                self.take([*msgspec.structs.replace(sources, files=(file,))])
            else:
                self._slots.append((file, sources))
                self._sizes.append(size)
                self._in_files += size
        self._holds = self._in_files <= _ROOM

    def _hold(self, source: Source) -> None:
        self._slots.append(source)
        self._sizes.append(len(source.text))

    @property
    def can_be_shared(self) -> bool:
        """Whether another process can read the sources as this one would: nobody listens to what is read."""
        return all(isinstance(slot, Source) or slot[1].read is load for slot in self._slots)

    def path(self, number: int) -> str:
        """The file of a source, as reported."""
        slot = self._slots[number]
        return slot.path if isinstance(slot, Source) else slot[0].path

    def size(self, number: int) -> int:
        """Its bytes or characters: what work is shared out by."""
        return self._sizes[number]

    def is_larger_than(self, size: int, numbers: Iterable[int] | None = None) -> bool:
        """Whether sources (default: all) have more bytes than this."""
        return sum(self._sizes if numbers is None else (self._sizes[number] for number in numbers)) > size

    def source(self, number: int) -> Source | Unreadable | Skipped:
        """The source, or why it cannot be read."""
        slot = self._slots[number]
        if isinstance(slot, Source):
            return slot
        if number in self._held:
            return self._held[number]
        file, files = slot
        loaded = files.read(file)
        if not isinstance(loaded, list):
            return loaded
        (source,) = loaded
        if self._holds:
            self._held[number] = source
        return source

    def fail(self, number: int, failure: Unreadable | Skipped) -> None:
        """Note that a source could not be read."""
        slot = self._slots[number]
        if not isinstance(slot, Source):
            slot[1].failures.append(failure)

    def digest(self, number: int, source: Source) -> int:
        """What tells the text of this source from a later one; 0 where it is held and there will be no other."""
        if number in self._held or isinstance(self._slots[number], Source):
            return 0
        return _digest(source.text)

    def again(self, number: int, digest: int) -> Source | None:
        """The source that was judged, None where its text has changed since."""
        source = self.source(number)
        if isinstance(source, Source) and (not digest or _digest(source.text) == digest):
            return source
        return None

    def freeze(self) -> None:
        """Hold no more texts: in a process that the one which reports does not hear of it from."""
        self._holds = False


def _size(file: File) -> int | None:
    """The bytes of a file that holds one source and can be read again; None for any other."""
    if file.path == STDIN or file.path.lower().endswith(MARKDOWN):
        return None
    try:
        status = os.stat(file.location)
    except (OSError, ValueError):
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _digest(text: str) -> int:
    """Never 0, which stands for none."""
    from zlib import crc32

    return crc32(text.encode("utf-8", "surrogatepass")) + 1
