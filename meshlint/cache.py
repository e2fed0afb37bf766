"""Results of the map step from earlier runs, by the content of each source.

One file for each folder that meshlint is run in and each set of things that results depend on: the tool,
its rules and schemas, the rules chosen and their options, the release of Istio. What is in it is data
(msgpack), never code; a file that is damaged, or of another meshlint, counts as none. It holds what
the last runs used, is written under another name and then renamed, so that runs side by side do not
disturb each other: the last one wins.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from zlib import crc32

import msgspec

from meshlint import __version__, _bundled
from meshlint.local import Mapped
from meshlint.mapping import Task
from meshlint.registry import BUILT_IN, MOUNTED
from meshlint.results import CRASHED
from meshlint.sources import Source
from meshlint.wire import UNPACKABLE, pack, unpack

_LARGEST = 128 * 1024 * 1024
"""Bytes of one file at most: entries that the last run did not use go first."""
_ALL = 512 * 1024 * 1024
_DAYS = 30
_SUFFIX = ".meshlint-cache"
_MAGIC = b"meshlint cache 1\n"
_decoder = msgspec.msgpack.Decoder(dict[bytes, bytes])


def default_folder() -> str:
    """The user's own folder for caches."""
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return os.path.join(base or os.path.join(os.path.expanduser("~"), ".cache"), "meshlint")


class Store:
    """What is known from earlier runs, and what this one adds."""

    def __init__(self, folder: str, task: Task) -> None:
        self._folder = folder
        self._task = task
        self._path = os.path.join(folder, _hex(os.getcwd().encode("utf-8", "surrogateescape"), _stamp(task)) + _SUFFIX)
        self._known = _load(self._path)
        self._used: dict[bytes, bytes] = {}
        self._keys: dict[int, bytes] = {}

    def find(self, number: int) -> Mapped | None:
        """What an earlier run found in a source of this content, None where none saw it."""
        stock = self._task.stock
        source = stock.source(number)
        if not isinstance(source, Source) or source.problems:
            return None
        key = self._keys[number] = _key(source, fragment=number in self._task.fragments)
        data = self._known.get(key)
        if data is None:
            return None
        try:
            mapped = unpack(data, number)
        except UNPACKABLE:
            return None
        mapped.digest = stock.digest(number, source)
        self._used[key] = data
        return mapped

    def add(self, number: int, mapped: Mapped, data: bytes | None) -> None:
        """Remember what this run found; `data` is that packed, where it is already."""
        key = self._keys.get(number)
        if key is None or any(result.rule == CRASHED.code for result in mapped.results):
            return
        try:
            self._used[key] = data or pack(self._task.stock.path(number), mapped)
        except UNPACKABLE:
            return

    def save(self) -> None:
        """Write what is new; where that fails there is no cache, and no harm."""
        if all(key in self._known for key in self._used):
            with suppress(OSError):
                os.utime(self._path)
            return
        room = _LARGEST - sum(map(len, self._used.values()))
        entries = self._used
        for key, data in self._known.items():
            if key not in entries and room > 0:
                entries[key] = data
                room -= len(data)
        with suppress(OSError):
            _write(self._folder, self._path, msgspec.msgpack.encode(entries))


def _load(path: str) -> dict[bytes, bytes]:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return {}
    head = len(_MAGIC) + 4
    if not data.startswith(_MAGIC) or crc32(data[head:]).to_bytes(4, "big") != data[len(_MAGIC) : head]:
        return {}
    try:
        return _decoder.decode(memoryview(data)[head:])
    except msgspec.MsgspecError:
        return {}


def _write(folder: str, path: str, body: bytes) -> None:
    os.makedirs(folder, exist_ok=True)
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n")):
        with suppress(FileExistsError), open(os.path.join(folder, name), "x", encoding="ascii") as file:
            file.write(text)
    _make_room(folder, len(body), path)
    partial = f"{path}.{os.getpid()}"
    try:
        with open(partial, "xb") as file:
            file.write(_MAGIC + crc32(body).to_bytes(4, "big") + body)
        os.replace(partial, path)
    except OSError:
        with suppress(OSError):
            os.unlink(partial)


def _make_room(folder: str, size: int, path: str) -> None:
    """Remove what was not used for a month, and the oldest of what is too much."""
    room = _ALL - size
    for used, length, name in sorted(_files(folder), reverse=True):
        room -= length
        if name != path and (room < 0 or time.time() - used > _DAYS * 86400):
            with suppress(OSError):
                os.unlink(name)


def _files(folder: str) -> Iterator[tuple[float, int, str]]:
    for entry in os.scandir(folder):
        if _SUFFIX in entry.name:
            with suppress(OSError):
                status = entry.stat()
                yield status.st_mtime, status.st_size, entry.path


def _key(source: Source, *, fragment: bool) -> bytes:
    about = (source.path, source.line, source.indents, source.fence, source.named, source.chart, fragment)
    state = blake2b(source.text.encode("utf-8", "surrogatepass"), digest_size=16)
    state.update(repr(about).encode("utf-8", "surrogatepass"))
    return state.digest()


def _stamp(task: Task) -> bytes:
    """All that results depend on besides the sources."""
    rules = [(code, task.selection.severities.get(code, meta.severity)) for code, meta in task.selection.rules.items()]
    parts = (
        __version__,
        sys.version_info[:2],
        rules,
        task.options,
        task.target,
        task.schemas,
        task.strict_yaml,
        list(_code()),
    )
    return msgspec.msgpack.encode(parts)


def _code() -> Iterator[tuple[str, int, int]]:
    """The files of rules, and, in a checkout, of meshlint itself, which changes there without a new version."""
    roots = [root for package, root in MOUNTED.items() if package != BUILT_IN]
    if not _bundled.is_installed():
        roots += [os.path.dirname(os.path.abspath(__file__)), _bundled.folder("rules"), _bundled.folder("schemas")]
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files):
                path = os.path.join(folder, name)
                status = os.stat(path)
                yield path, status.st_mtime_ns, status.st_size


def _hex(*parts: bytes) -> str:
    state = blake2b(digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()
