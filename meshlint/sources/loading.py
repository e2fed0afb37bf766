"""From a file to YAML text: opening, limits, encodings, Markdown."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from io import FileIO
from typing import TYPE_CHECKING, BinaryIO

from meshlint.findings import Region, Spot
from meshlint.problems import SyntaxProblem
from meshlint.sources.source import STDIN, File, Skipped, Source, Unreadable

if TYPE_CHECKING:
    from meshlint.sources.markdown import Fence

LIMIT = 64 * 1024 * 1024
"""Bytes of a file that are read at most. etcd refuses objects beyond 1.5 MB, so a larger file is data, not configuration."""

_CHUNK = 1024 * 1024
MARKDOWN = (".md", ".markdown", ".mdx")
"""Suffixes of files that are read for their fences of YAML."""
_GIT_CRYPT = b"\0GITCRYPT\0"


def load(file: File) -> list[Source] | Unreadable | Skipped:
    """Read one file: one source, or one per YAML fence of a Markdown file.

    The file is closed before this returns. Text that is no UTF-8 (or UTF-16 with its mark) comes
    with a problem at the first bad byte.
    """
    if file.path == STDIN:
        return stdin()
    try:
        with FileIO(file.location) as stream:
            data = _content(stream)
    except (OSError, ValueError) as error:
        return Unreadable(file.path, _reason(error), file.named)
    if data is None:
        return Skipped(file.path, f"larger than {LIMIT // (1024 * 1024)} MiB", file.named)
    if data.startswith(_GIT_CRYPT):
        return Skipped(file.path, "encrypted by git-crypt", file.named)
    return list(sources(file, data))


def stdin(stream: BinaryIO | None = None) -> list[Source] | Unreadable | Skipped:
    """Read standard input (or the stream given) as one source of YAML."""
    chunks = stream or sys.stdin.buffer
    try:
        data = _chunks(chunks)
    except (OSError, ValueError) as error:
        return Unreadable(STDIN, _reason(error), named=True)
    if data is None:
        return Skipped(STDIN, f"larger than {LIMIT // (1024 * 1024)} MiB", named=True)
    return list(sources(File(STDIN, "", named=True), data))


def sources(file: File, data: bytes) -> Iterator[Source]:
    """The sources of a file whose content is already at hand (git's staged content, an editor's buffer)."""
    text, problem = decode(data)
    if not file.path.lower().endswith(MARKDOWN):
        yield Source(file.path, text, named=file.named, chart=file.chart, problems=(problem,) if problem else ())
        return
    from meshlint.sources.markdown import fences

    for number, fence in enumerate(fences(text)):
        inside = _in_fence(problem, fence) if problem else None
        problems = (inside,) if inside else ()
        yield Source(file.path, fence.text, fence.line, fence.indents, number, file.named, file.chart, problems)


def _in_fence(problem: SyntaxProblem, fence: Fence) -> SyntaxProblem | None:
    """A problem of the whole file as one of the fence, if it lies there: the prose around is not ours to judge."""
    region = problem.spot.region
    line = region.line - fence.line if region else 0
    if region is None or not 0 < line <= len(fence.indents):
        return None
    indent = fence.indents[line - 1]
    place = Region(line, region.column - indent, line, region.end_column - indent)
    return SyntaxProblem(spot=Spot(0, 0, region=place), message=problem.message, help=problem.help)


def decode(data: bytes) -> tuple[str, SyntaxProblem | None]:
    """Decode as Kubernetes does: UTF-8, or UTF-16 behind its byte order mark; a mark is no part of the text.

    Bytes that do not decode become U+FFFD, and the first of them a problem with line and column. Of a
    text that is encoded otherwise there is only the problem.
    """
    foreign = _foreign(data)
    if foreign:
        return "", _undecoded(Region(1, 1, 1, 1), f"the text is {foreign}")
    encoding, name, skip = "utf-8", "UTF-8", 0
    if data.startswith(b"\xef\xbb\xbf"):
        skip = 3
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if data[0] == 0xFF else "utf-16-be"
        name, skip = "UTF-16", 2
    body = data[skip:] if skip else data
    try:
        return body.decode(encoding), None
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding)
        bad = body[error.start]
    line, column = _position(before)
    problem = _undecoded(Region(line, column, line, column + 1), f"the byte 0x{bad:02X} is no {name}")
    return body.decode(encoding, "replace"), problem


def _undecoded(region: Region, message: str) -> SyntaxProblem:
    return SyntaxProblem(spot=Spot(0, 0, region=region), message=message, help="save the file as UTF-8")


def _foreign(data: bytes) -> str | None:
    """The encoding of a text that Kubernetes does not read, by the zeros among its first characters."""
    head = data[:4]
    if 0 not in head or len(head) < 4:
        return None
    if head in {b"\xff\xfe\0\0", b"\0\0\xfe\xff"}:
        return "UTF-32"
    zeros = bytes(byte == 0 for byte in head)
    if zeros in {b"\0\1\1\1", b"\1\1\1\0"}:
        return "UTF-32"
    return "UTF-16 without a byte order mark" if zeros in {b"\0\1\0\1", b"\1\0\1\0"} else None


def _position(before: str) -> tuple[int, int]:
    """Line and column of what follows `before`."""
    text = before.replace("\r\n", "\n").replace("\r", "\n") if "\r" in before else before
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _content(stream: FileIO) -> bytes | None:
    """All bytes of an open file, None beyond the limit. Pipes (`<(kustomize build)`) tell no size."""
    status = os.fstat(stream.fileno())
    if not stat.S_ISREG(status.st_mode):
        return _chunks(stream)
    return None if status.st_size > LIMIT else stream.readall()


def _chunks(stream: FileIO | BinaryIO) -> bytes | None:
    """Read to the end, but never more than the limit: `/dev/zero` has no end."""
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > LIMIT:
            return None
    return b"".join(chunks)


def _reason(error: Exception) -> str:
    """`permission denied`, without number and path."""
    text = error.strerror if isinstance(error, OSError) else str(error)
    return (text or str(error)).lower()
