"""Results of earlier runs: of the map step by the content of each source, of the reduce step by all of it.

A file for each step, each folder that meshlint is run in and each set of things that results depend on:
the tool, its rules and schemas, the rules chosen and their options, the release of Istio. What is in it
is data (msgpack), never code; a file that is damaged, or of another meshlint, counts as none. That of the
map step holds what the last runs used, that of the reduce step the last run. Each is written under another name and then renamed, so that runs side by side do not
disturb each other: the last one wins.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from zlib import crc32

import msgspec

from meshlint import __version__, _bundled
from meshlint.findings import Result
from meshlint.mapped import Mapped
from meshlint.mapping import Task
from meshlint.mesh.context import Context
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
_encoder = msgspec.msgpack.Encoder(order="deterministic")


class Reduced(msgspec.Struct, frozen=True):
    """What the reduce step found: in a mesh of this `key`, with the references that it could not judge, by kind."""

    key: bytes
    results: list[Result]
    unknown: dict[str, int]


_reduced_decoder = msgspec.msgpack.Decoder(Reduced)


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
        self._content = blake2b(digest_size=16)
        self._is_known = True
        """Whether `_content` speaks for everything the mesh was made of."""

    def find(self, number: int) -> Mapped | None:
        """What an earlier run found in a source of this content, None where none saw it. Asked in the order of numbers."""
        stock = self._task.stock
        source = stock.source(number)
        if not isinstance(source, Source) or source.problems:
            self._is_known = False
            return None
        key = self._keys[number] = _key(source, fragment=number in self._task.fragments)
        self._content.update(key)
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
        """Write what is new of the map step; where that fails there is no cache, and no harm."""
        self._write_used()
        self._known, self._used, self._keys = {}, {}, {}

    def reduced(self, context: Context) -> Reduced | None:
        """What the last run found in this mesh, once every source was asked for; None if that was another mesh."""
        key = self._mesh_key(context)
        body = _body(self._mesh_path) if key else None
        if body is None:
            return None
        try:
            kept = _reduced_decoder.decode(body)
        except UNPACKABLE:
            return None
        if kept.key != key:
            return None
        with suppress(OSError):
            os.utime(self._mesh_path)
        return kept

    def keep(self, context: Context, results: Sequence[Result], unknown: Mapping[str, int]) -> None:
        """Remember what the reduce step found."""
        key = self._mesh_key(context)
        if key is None or any(result.rule == CRASHED.code for result in results):
            return
        with suppress(OSError, *UNPACKABLE):
            _write(self._folder, self._mesh_path, msgspec.msgpack.encode(Reduced(key, [*results], dict(unknown))))

    @property
    def _mesh_path(self) -> str:
        return f"{self._path}-mesh"

    def _mesh_key(self, context: Context) -> bytes | None:
        """All that the reduce step depends on besides what names the file; None where not all of it is known."""
        if not self._is_known:
            return None
        told = msgspec.structs.replace(context, builds=None)
        try:
            about = _encoder.encode((told, context.builds and context.builds.facts()))
        except UNPACKABLE:
            return None
        state = self._content.copy()
        state.update(about)
        return state.digest()

    def _write_used(self) -> None:
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
    body = _body(path)
    try:
        return _decoder.decode(body) if body is not None else {}
    except msgspec.MsgspecError:
        return {}


def _body(path: str) -> memoryview | None:
    """What a file of the cache holds, None where there is none that is whole."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return None
    body = memoryview(data)[len(_MAGIC) + 4 :]
    whole = data.startswith(_MAGIC) and crc32(body).to_bytes(4, "big") == data[len(_MAGIC) : len(_MAGIC) + 4]
    return body if whole else None


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
