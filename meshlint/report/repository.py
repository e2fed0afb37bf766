"""Paths as a repository knows them: what CI systems match against their checkout.

A report may be written from a subfolder or from outside of the repository; the paths in it have to
be the same. GitHub resolves relative URIs against the root of the repository and nothing else.
"""

import os
from collections.abc import Callable
from functools import cache

from meshlint.report.model import STDIN


def root_of(folder: str) -> str | None:
    """The nearest folder at or above `folder` that holds `.git`, a folder or (worktree, submodule) a file."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def repository_paths(root: str | None = None) -> Callable[[str], str | None]:
    """A function from a path of a report to the path relative to the root, with `/`.

    Without a `root` it is the repository around the working directory if that holds the file, else
    the one around the file, else the working directory. The function gives None for what lies in
    none of them, and for standard input. Links are followed: GitHub shows no linked files.
    """
    here = os.getcwd()
    candidates = [root] if root else [root_of(here)]

    @cache
    def relative(path: str) -> str | None:
        if path in {"", STDIN}:
            return None
        absolute = os.path.abspath(os.path.join(here, path))
        roots = candidates if root else [*candidates, root_of(os.path.dirname(absolute)), here]
        for top in roots:
            if top:
                inside = _inside(os.path.realpath(absolute), os.path.realpath(top)) or _inside(absolute, top)
                if inside:
                    return inside
        return None

    return relative


def _inside(path: str, folder: str) -> str | None:
    """The path relative to a folder that holds it."""
    prefix = folder.rstrip(os.sep) + os.sep
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None
