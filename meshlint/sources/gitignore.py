"""The patterns of a .gitignore file, as gitignore(5) defines them.

Written here rather than taken from a library because of start-up: importing pathspec costs 16 ms,
all of this folder 1 ms. Most lines of real files are plain names and suffixes; these
are looked up in sets, and only the others become regular expressions. A pattern is matched folder
by folder, without backtracking: no pattern can hang us.

One point differs from git on purpose: a tracked file that a pattern matches counts as ignored,
since the index is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

_SPECIAL = frozenset("*?[\\")
_SYNTAX = frozenset("\\[]^-&~|")
"""What has to be escaped between the brackets of a regular expression."""
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "punct": r"!-/:-@\[-`{-~",
    "space": " \t\n\r\f\v",
    "xdigit": "0-9A-Fa-f",
}

Segment = re.Pattern[str] | None
"""One folder or file name of a pattern; None is `**`, any number of folders."""


class _Glob(msgspec.Struct, frozen=True):
    """A pattern with wildcards: its segments, matched against the path below the file's folder."""

    segments: tuple[Segment, ...]
    folders_only: bool


class _Group(msgspec.Struct, frozen=True):
    """Neighbouring patterns of one sign, so that their order does not matter.

    `names` are names at any depth, `paths` anchored paths (an entry that ends in `/` is for folders
    only); `suffixes` are the ends of `*.ext`, `shapes` other names with wildcards, each also in a
    list for folders; `globs` are anchored paths with wildcards.
    """

    negated: bool
    names: frozenset[str]
    paths: frozenset[str]
    suffixes: tuple[str, ...]
    folder_suffixes: tuple[str, ...]
    shapes: tuple[re.Pattern[str], ...]
    folder_shapes: tuple[re.Pattern[str], ...]
    globs: tuple[_Glob, ...]

    def matches(self, path: str, name: str, folder: bool) -> bool:
        if name in self.names or path in self.paths or name.endswith(self.suffixes):
            return True
        if any(shape.match(name) for shape in self.shapes):
            return True
        if folder and self._matches_folder(path, name):
            return True
        if not self.globs:
            return False
        parts = path.split("/")
        return any(_match(glob.segments, parts) for glob in self.globs if folder or not glob.folders_only)

    def _matches_folder(self, path: str, name: str) -> bool:
        return (
            name + "/" in self.names
            or path + "/" in self.paths
            or name.endswith(self.folder_suffixes)
            or any(shape.match(name) for shape in self.folder_shapes)
        )


class Rules(msgspec.Struct, frozen=True):
    """The patterns of one file, in groups from first to last."""

    groups: tuple[_Group, ...] = ()

    def decide(self, path: str, *, folder: bool) -> bool | None:
        """Whether `path`, relative to the folder of the rules, is ignored; None where no pattern matches.

        The last matching pattern decides, as in git. Parents of the path are not looked at: a walk
        does not enter an ignored folder.
        """
        name = path[path.rfind("/") + 1 :]
        for group in reversed(self.groups):
            if group.matches(path, name, folder):
                return not group.negated
        return None


def parse(lines: Iterable[str]) -> Rules:
    """Read the lines of a .gitignore file (or a list of patterns of the same form)."""
    groups: list[_Group] = []
    run: list[str] = []
    sign = False
    for pattern, negated in _patterns(lines):
        if negated != sign and run:
            groups.append(_group(run, sign))
            run = []
        sign = negated
        run.append(pattern)
    if run:
        groups.append(_group(run, sign))
    return Rules(tuple(groups))


def _patterns(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Patterns with their sign, without comments, blank lines and trailing blanks."""
    for line in lines:
        pattern = line.rstrip("\r\n")
        if pattern.startswith("#"):
            continue
        while pattern.endswith(" ") and not pattern.endswith("\\ "):
            pattern = pattern[:-1]
        negated = pattern.startswith("!")
        if negated:
            pattern = pattern[1:]
        if pattern.strip("/"):
            yield pattern, negated


def _group(patterns: Iterable[str], negated: bool) -> _Group:
    names, paths, suffixes, folder_suffixes = set[str](), set[str](), list[str](), list[str]()
    shapes: list[re.Pattern[str]] = []
    folder_shapes: list[re.Pattern[str]] = []
    globs: list[_Glob] = []
    for pattern in patterns:
        folders_only = pattern.endswith("/")
        body = pattern[:-1] if folders_only else pattern
        if body.startswith("**/") and "/" not in body[3:]:
            body = body[3:]
        anchored = "/" in body
        body = body.removeprefix("/")
        try:
            if _SPECIAL.isdisjoint(body):
                (paths if anchored else names).add(body + "/" if folders_only else body)
            elif anchored:
                globs.append(_Glob(_segments(body), folders_only))
            elif body[0] == "*" and _SPECIAL.isdisjoint(body[1:]):
                (folder_suffixes if folders_only else suffixes).append(body[1:])
            else:
                (folder_shapes if folders_only else shapes).append(segment(body))
        except (re.error, ValueError, KeyError):
            continue  # git never matches such a pattern either
    return _Group(
        negated,
        frozenset(names),
        frozenset(paths),
        tuple(suffixes),
        tuple(folder_suffixes),
        tuple(shapes),
        tuple(folder_shapes),
        tuple(globs),
    )


def _segments(body: str) -> tuple[Segment, ...]:
    """The segments of an anchored pattern; an error for one that git never matches."""
    segments: list[Segment] = [None if text == "**" else segment(text) for text in body.split("/")]
    if segments[-1] is None:
        segments.append(re.compile(""))  # `a/**` is everything inside a, not a itself
    return tuple(segments)


def segment(text: str) -> re.Pattern[str]:
    """One segment of a pattern as an expression for `match`; an error for one that git never matches."""
    return re.compile(_expression(text), re.DOTALL)


def _expression(text: str) -> str:
    """The regular expression of one segment; ValueError for one that git never matches.

    Between two stars the leftmost match of a piece is as good as any, so each is matched in a
    look-ahead that is not entered again: linear in the length of the name.
    """
    pieces = [""]
    index = 0
    while index < len(text):
        char = text[index]
        if char == "*":
            pieces.append("")
        elif char == "?":
            pieces[-1] += "."
        elif char == "[":
            index, bracket = _bracket(text, index + 1)
            pieces[-1] += bracket
        else:
            if char == "\\":
                index += 1
                if index == len(text):
                    raise ValueError(text)
            pieces[-1] += re.escape(text[index])
        index += 1
    first, *middle = pieces
    if not middle:
        return first + r"\Z"
    last = middle.pop()
    ahead = (f"(?=(?P<p{n}>.*?{piece}))(?P=p{n})" for n, piece in enumerate(middle) if piece)
    return f"{first}{''.join(ahead)}.*{last}\\Z"


def _bracket(text: str, index: int) -> tuple[int, str]:
    """Where a bracket that starts before `index` ends, and its expression; ValueError if it never does."""
    members = ""
    negated = text.startswith(("!", "^"), index)
    index += negated
    while not (text.startswith("]", index) and members):
        if text.startswith("[:", index) and (close := text.find(":]", index)) > 0:
            members += _CLASSES[text[index + 2 : close]]
            index = close + 2
            continue
        dash = text.startswith("-", index) and members and not text.startswith("]", index + 1)
        index += text.startswith("\\", index)
        if index >= len(text):
            raise ValueError(text)
        members += "-" if dash else "\\" + text[index] if text[index] in _SYNTAX else text[index]
        index += 1
    return index, f"[{'^' if negated else ''}{members}]"


def _match(segments: tuple[Segment, ...], parts: list[str]) -> bool:
    """Match segments against the parts of a path; going back to the last `**` alone is enough."""
    at = index = 0
    retry_at = retry_index = -1
    while index < len(parts):
        if at < len(segments):
            expected = segments[at]
            if expected is None:
                retry_at, retry_index = at, index
                at += 1
                continue
            if expected.match(parts[index]):
                at += 1
                index += 1
                continue
        if retry_at < 0:
            return False
        retry_index += 1
        at, index = retry_at + 1, retry_index
    return all(rest is None for rest in segments[at:])
