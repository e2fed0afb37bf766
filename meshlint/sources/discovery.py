"""From paths to files: walking folders, ignored files, files reachable twice.

What a walk takes: `*.yaml` and `*.yml`, in any folder that is not ignored. What it leaves out:
what .gitignore files and .git/info/exclude name (a user's global excludes do not count: a run
has to give the same everywhere), names that start with a dot, `node_modules`, `vendor`, and folders
behind symbolic links, as git and kubectl do (so links cannot loop; links to files are followed).
A path that is named is always taken, whatever it is called.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.sources.source import STDIN, File, Skipped, Unreadable

if TYPE_CHECKING:
    from meshlint.sources.gitignore import Rules

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The names of kustomization files, in the order in which kustomize looks for them."""

_SUFFIXES = (".yaml", ".yml")
_LEFT_OUT = frozenset({"node_modules", "vendor"})


class Discovery(msgspec.Struct, frozen=True):
    """What the paths of a run lead to.

    `files` are sorted by path, each once. `kustomizations` are the kustomization files of the
    folders walked, and the nearest one around each named file (some are not among `files`: not
    named, or called `Kustomization`). `charts` are the reported paths of folders with a Chart.yaml.
    """

    files: tuple[File, ...]
    failures: tuple[Unreadable | Skipped, ...]
    kustomizations: tuple[File, ...]
    charts: tuple[str, ...]


def discover(
    paths: Sequence[str], *, exclude: Sequence[str] = (), include: Sequence[str] = (), base: str | None = None
) -> Discovery:
    """Find the files behind `paths`: files, folders, `-` for standard input.

    `exclude` and `include` are patterns as in .gitignore, relative to `base` (default: the working
    directory): what a walk leaves out, and which files it takes besides YAML (`docs/**/*.md`).
    """
    walk = _Walk(base or os.getcwd(), _rules(exclude), _rules(include))
    # folders reached through a link come last, so that the order of the paths does not decide who is read
    for folder in sorted(filter(None, map(walk.start, paths)), key=_is_linked):
        walk.descend(folder)
    return walk.result()


def reported(location: str, working: str | None = None) -> str:
    """How a path is reported: relative to the working directory, absolute outside of it, with `/`."""
    path = os.path.abspath(location)
    folder = (working or os.getcwd()).rstrip(os.sep) + os.sep
    if path.startswith(folder):
        path = path[len(folder) :]
    elif path + os.sep == folder:
        path = "."
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class _Ignore(msgspec.Struct, frozen=True):
    """The rules that hold in a folder: those of its own file first, then those of the folders above."""

    folder: str
    rules: Rules
    above: _Ignore | None = None

    def ignores(self, location: str, *, folder: bool) -> bool:
        """Whether a path below this folder is ignored by a pattern that matches it itself."""
        ignore: _Ignore | None = self
        while ignore:
            decision = ignore.rules.decide(_below(location, ignore.folder), folder=folder)
            if decision is not None:
                return decision
            ignore = ignore.above
        return False


class _Folder(msgspec.Struct, frozen=True):
    """A folder yet to be listed. `real` is its path without links, `chart` the chart whose templates it holds."""

    location: str
    real: str
    ignore: _Ignore | None
    chart: str | None
    named: bool = False


class _Walk:
    """Collects what the paths lead to. Folders wait on a stack, so that depth costs no recursion."""

    def __init__(self, base: str, exclude: Rules | None, include: Rules | None) -> None:
        self._base = os.path.abspath(base)
        self._working = os.getcwd()
        self._exclude = exclude
        self._include = include
        self._files: dict[str, File] = {}
        self._failures: dict[str, Unreadable | Skipped] = {}
        self._kustomizations: dict[str, File] = {}
        self._charts: set[str] = set()
        self._folders: set[str] = set()
        self._around: set[str] = set()

    def result(self) -> Discovery:
        return Discovery(
            tuple(sorted(self._files.values(), key=_path)),
            tuple(sorted(self._failures.values(), key=_path)),
            tuple(sorted(self._kustomizations.values(), key=_path)),
            tuple(sorted(self._charts)),
        )

    def start(self, path: str) -> _Folder | None:
        """Take a named file; a folder is given back."""
        if path == "-":
            self._files[STDIN] = File(STDIN, "", named=True)
            return None
        try:
            location = os.path.abspath(path) if path else path
            os.stat(location)
            real = os.path.realpath(location)
        except (OSError, ValueError) as error:
            self._fail(path, error, named=True)
            return None
        if os.path.isdir(location):
            return _Folder(location, real, _ignore_around(location), _chart_around(location), named=True)
        self._take(location, real, _chart_around(location), named=True)
        self._look_around(os.path.dirname(location))
        return None

    def descend(self, folder: _Folder) -> None:
        """Walk a named folder."""
        waiting = [folder]
        while waiting:
            waiting.extend(self._list(waiting.pop()))

    def _list(self, folder: _Folder) -> list[_Folder]:
        """Take the files of a folder; its folders are returned."""
        if folder.real in self._folders:
            return []
        try:
            with os.scandir(folder.location) as listing:
                entries = list(listing)
        except OSError as error:
            self._fail(folder.location, error, named=folder.named)
            return []
        self._folders.add(folder.real)
        names = {entry.name for entry in entries}
        ignore = _ignore_of(folder.location, names, folder.ignore)
        chart = None
        if "Chart.yaml" in names:
            chart = reported(folder.location, self._working)
            self._charts.add(chart)
        self._note_kustomization(folder.location, names)
        found = []
        for entry in entries:
            name = entry.name
            if name.startswith(".") or name in _LEFT_OUT:
                continue
            if _is_folder(entry):
                if not self._left_out(entry.path, ignore, folder=True):
                    inside = chart if chart and name == "templates" else None if chart else folder.chart
                    found.append(_Folder(entry.path, folder.real.rstrip(os.sep) + os.sep + name, ignore, inside))
            elif self._wants(entry) and not self._left_out(entry.path, ignore, folder=False):
                self._found(entry, folder)
        return found

    def _found(self, entry: os.DirEntry[str], folder: _Folder) -> None:
        """Take a file that the walk came upon, if it is one."""
        link = entry.is_symlink()
        try:
            if link:
                os.stat(entry.path)
                if os.path.isdir(entry.path):
                    return
            regular = entry.is_file()
        except OSError as error:
            self._fail(entry.path, error, named=False)
            return
        if not regular:
            path = reported(entry.path, self._working)
            self._failures.setdefault(path, Skipped(path, "not a regular file"))
            return
        real = os.path.realpath(entry.path) if link else folder.real.rstrip(os.sep) + os.sep + entry.name
        self._take(entry.path, real, folder.chart, named=False)

    def _take(self, location: str, real: str, chart: str | None, *, named: bool) -> None:
        """Keep a file under the best of its paths: a named one, then one that is no link, then the first."""
        file = File(reported(location, self._working), location, named, chart)
        known = self._files.get(real)
        if known is None or _preference(file, real) < _preference(known, real):
            self._files[real] = file

    def _left_out(self, location: str, ignore: _Ignore | None, *, folder: bool) -> bool:
        if self._exclude and self._exclude.decide(_below(location, self._base), folder=folder):
            return True
        return ignore is not None and ignore.ignores(location, folder=folder)

    def _wants(self, entry: os.DirEntry[str]) -> bool:
        if entry.name.endswith(_SUFFIXES):
            return True
        return self._include is not None and bool(self._include.decide(_below(entry.path, self._base), folder=False))

    def _note_kustomization(self, folder: str, names: Iterable[str]) -> None:
        for name in KUSTOMIZATIONS:
            if name in names:
                location = os.path.join(folder, name)
                self._kustomizations.setdefault(location, File(reported(location, self._working), location))

    def _look_around(self, folder: str) -> None:
        """Note the nearest kustomization around a named file, in its folder or above it in the repository.

        The nearest is enough to know a patch, and further ones would bring the whole repository in.
        """
        if folder in self._around:
            return
        top = _repository(folder) or folder
        while folder not in self._around:
            self._around.add(folder)
            names = [name for name in KUSTOMIZATIONS if os.path.isfile(os.path.join(folder, name))]
            self._note_kustomization(folder, names)
            if not names and folder != top:
                folder = os.path.dirname(folder)

    def _fail(self, location: str, error: Exception, *, named: bool) -> None:
        path = reported(location, self._working) if location and "\0" not in location else location
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        if named or path not in self._failures:
            self._failures[path] = Unreadable(path, reason.lower(), named)


def _is_linked(folder: _Folder) -> tuple[bool, str]:
    return folder.location != folder.real, folder.location


def _path(item: File | Unreadable | Skipped) -> str:
    return item.path


def _preference(file: File, real: str) -> tuple[bool, bool, str]:
    return not file.named, file.location != real, file.path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _below(location: str, folder: str) -> str:
    """A path relative to a folder above it, with `/`; a path elsewhere stays whole."""
    prefix = folder if folder.endswith(os.sep) else folder + os.sep
    path = location[len(prefix) :] if location.startswith(prefix) else location.lstrip(os.sep)
    return path if os.sep == "/" else path.replace(os.sep, "/")


def _repository(folder: str) -> str | None:
    """The root of the repository around a folder: the nearest one that holds `.git`."""
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _ignore_around(folder: str) -> _Ignore | None:
    """The rules of the repository's folders above a named folder.

    None where they would ignore the named folder itself: who names it wants it read.
    """
    top = _repository(folder)
    if top is None or top == folder:
        return None
    chain = [folder]
    while chain[-1] != top:
        chain.append(os.path.dirname(chain[-1]))
    ignore: _Ignore | None = None
    for above, below in zip(reversed(chain[1:]), reversed(chain[:-1]), strict=True):
        names = [name for name in (".git", ".gitignore") if os.path.exists(os.path.join(above, name))]
        ignore = _ignore_of(above, names, ignore)
        if ignore and ignore.ignores(below, folder=True):
            return None
    return ignore


def _ignore_of(folder: str, names: Iterable[str], above: _Ignore | None) -> _Ignore | None:
    """The rules that hold in a folder. A repository starts afresh: rules of the one around it end there."""
    ignore = above
    if ".git" in names:
        rules = _rules(_lines(_exclude_file(os.path.join(folder, ".git"))))
        ignore = _Ignore(folder, rules) if rules else None
    if ".gitignore" in names:
        rules = _rules(_lines(os.path.join(folder, ".gitignore")))
        if rules:
            ignore = _Ignore(folder, rules, ignore)
    return ignore


def _rules(lines: Sequence[str]) -> Rules | None:
    """The rules that lines make, None where they make none: named files need no patterns."""
    if not lines:
        return None
    from meshlint.sources.gitignore import parse

    rules = parse(lines)
    return rules if rules.groups else None


def _exclude_file(git: str) -> str:
    """The path of info/exclude. In a worktree or submodule `.git` is a file that points elsewhere."""
    for line in _lines(git):
        if line.startswith("gitdir: "):
            git = os.path.join(os.path.dirname(git), line[len("gitdir: ") :].rstrip("\r\n"))
            break
    for line in _lines(os.path.join(git, "commondir")):
        git = os.path.join(git, line.rstrip("\r\n"))
        break
    return os.path.join(git, "info", "exclude")


def _lines(path: str) -> list[str]:
    """The lines of a small text file; none if it is missing, a folder or not readable."""
    if not os.path.isfile(path):
        return []
    try:
        with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="\n") as stream:
            return stream.readlines()
    except (OSError, ValueError):
        return []


def _chart_around(location: str) -> str | None:
    """The chart in whose `templates/` a named path lies."""
    folder = location
    while os.sep + "templates" in folder:
        folder, _, _ = folder.rpartition(os.sep + "templates")
        if os.path.isfile(os.path.join(folder, "Chart.yaml")):
            return reported(folder)
    return None
