"""Git's index: which files are tracked, and the content that a commit would give them.

pre-commit puts unstaged changes away before hooks run, but leaves untracked files where they are; a
hook that is called by hand sees both. So the list of files comes from the index, and content from
the disk only where the disk has what the index has.
"""

import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

from meshlint.cli.usage import Failure
from meshlint.sources import Discovery, File, Skipped, Source, Unreadable, load, reported, sources

_LINK, _SUBMODULE = "120000", "160000"


class Index:
    """The index of the repository around a folder. Raises Failure where there is none."""

    def __init__(self, folder: str) -> None:
        self.top = _git(folder, "rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n")
        self._blobs = dict(_entries(_git(self.top, "ls-files", "-z", "--stage")))
        changed = _git(self.top, "diff-files", "-z", "--name-only")
        self._changed = {name for name in _names(changed) if name in self._blobs}

    def only_tracked(self, found: Discovery, wanted: Callable[[str], bool]) -> Discovery:
        """The files that git knows. `wanted` says which of those that only the disk misses belong to them."""
        files = [file for file in found.files if self._name(file.location) in self._blobs]
        lost = [os.path.join(self.top, name) for name in sorted(self._changed)]
        files += [File(reported(path), path) for path in lost if not os.path.lexists(path) and wanted(path)]
        files.sort(key=lambda file: file.path)
        kustomizations = tuple(file for file in found.kustomizations if self._name(file.location) in self._blobs)
        return msgspec.structs.replace(found, files=tuple(files), kustomizations=kustomizations)

    def paths(self, files: Iterable[File], touched: Sequence[str]) -> frozenset[str]:
        """The reported paths of the files among `touched`, which are paths as the working directory sees them."""
        names = {self._name(os.path.abspath(path)) for path in touched}
        return frozenset(file.path for file in files if self._name(file.location) in names)

    def reader(self, files: Iterable[File]) -> "Callable[[File], list[Source] | Unreadable | Skipped]":
        """Something that opens files as the index has them: `load` where the disk has the same."""
        names = {file.location: self._name(file.location) for file in files}
        changed = {location: name for location, name in names.items() if name in self._changed}
        if not changed:
            return load
        contents = _contents(self.top, [self._blobs[name] for name in changed.values()])
        return Staged(dict(zip(changed, contents, strict=True)))

    def _name(self, location: str) -> str:
        """The path in the repository, links of folders resolved, as git has it."""
        folder = _real(os.path.dirname(location))
        return os.path.relpath(os.path.join(folder, os.path.basename(location)), self.top).replace(os.sep, "/")


class Staged:
    """Opens a file: content of the index where the disk has another one."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self._contents = contents

    def __call__(self, file: File) -> list[Source] | Unreadable | Skipped:
        """The sources of a file, as `load` gives them."""
        content = self._contents.get(file.location)
        return load(file) if content is None else list(sources(file, content))


_real = lru_cache(maxsize=None)(os.path.realpath)


def _entries(listing: bytes) -> Iterable[tuple[str, str]]:
    """Name and object of each file, from `MODE OBJECT STAGE<tab>NAME`.

    Conflicts have no one content, and a link is read as what it leads to: its target is tracked itself.
    """
    for entry in _names(listing):
        facts, _, name = entry.partition("\t")
        mode, blob, stage = facts.split(" ")
        if stage == "0" and mode not in {_LINK, _SUBMODULE}:
            yield name, blob


def _names(listing: bytes) -> list[str]:
    return [name for name in listing.decode("utf-8", "surrogateescape").split("\0") if name]


def _contents(top: str, blobs: Sequence[str]) -> list[bytes]:
    """The contents of objects, in their order."""
    if not blobs:
        return []
    answer = _git(top, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode())
    contents, at = [], 0
    for _ in blobs:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split(b" ")[2])
        contents.append(answer[end + 1 : end + 1 + size])
        at = end + size + 2
    return contents


def _git(folder: str, *arguments: str, given: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(("git", *arguments), cwd=folder, input=given, capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise Failure(f"git cannot be run: {error.strerror or error}", help="--hook asks git what is staged") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise Failure(f"git {arguments[0]}: {reason}", help="--hook works in a git repository")
    return done.stdout
