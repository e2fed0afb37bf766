"""Pages as sessions: fences with a title are files, fences of the console are commands and what they print.

A page runs from top to bottom in a folder of its own that holds a copy of `examples/`. A fence
`yaml title="shop.yaml"` writes that file. In a fence `console` each line that begins with `$ ` is run
at a terminal of 80 columns, and what follows is what it must print; a line `...` stands for any lines.
A comment `<!-- not run: reason -->` above a fence takes it out.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support import ROOT

COLUMNS = 80
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "docs/adr/*.md", "examples/*/README.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)
_FENCE = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?(?P<ticks>```+)(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=ticks)$",
    re.M | re.S,
)
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Fence:
    """A fenced block: `language`, the file it is written to, why it is not run, and where its text is in the page."""

    language: str
    title: str
    reason: str
    text: str
    begin: int
    line: int


@dataclass(frozen=True)
class Command:
    """A line of the console and what the page says it prints."""

    line: str
    printed: str


def fences(path: Path) -> list[Fence]:
    """The fenced blocks of a page, in order."""
    text = path.read_text(encoding="utf-8")
    return [
        Fence(
            (match["info"].split() or [""])[0],
            (_TITLE.findall(match["info"]) or [""])[0],
            match["reason"] or "",
            match["text"],
            match.start("text"),
            text.count("\n", 0, match.start()) + 1,
        )
        for match in _FENCE.finditer(text)
    ]


def commands(fence: Fence) -> Iterator[Command]:
    """The commands of a console block."""
    for part in re.split(r"^\$ ", fence.text, flags=re.M)[1:]:
        line, _, printed = part.partition("\n")
        yield Command(line, printed)


def runs(path: Path) -> list[Fence]:
    """The console blocks of a page that are run."""
    return [fence for fence in fences(path) if fence.language == "console" and not fence.reason]


class Session:
    """A folder and a terminal for one page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._code = 0
        shutil.copytree(ROOT / "examples", folder / "examples")

    def write(self, fence: Fence) -> None:
        """Write a fence with a title to its file."""
        file = self.folder / fence.title
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fence.text, encoding="utf-8")

    def run(self, line: str) -> str:
        """What a command prints: the report as on a terminal, then what went to stderr."""
        assert not line.startswith("make ") or line == "make demo", "other targets write into the checkout"
        reader, writer = os.openpty()
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT", "CI", "FORCE_"))}
        environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": str(COLUMNS)}
        environment |= {"NO_COLOR": "1", "TERM": "xterm", "XDG_CACHE_HOME": str(self.folder / ".cache")}
        process = subprocess.Popen(
            ["bash", "-c", f"(exit {self._code}); {line}"],
            cwd=ROOT if line.startswith("make ") else self.folder,
            stdout=writer,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
        os.close(writer)
        printed = b"".join(_read(reader))
        assert process.stderr is not None
        told = process.stderr.read()
        process.stderr.close()
        self._code = process.wait()
        return (printed.replace(b"\r\n", b"\n") + told).decode()


def _read(terminal: int) -> Iterator[bytes]:
    """What is written to a terminal until its other end is closed."""
    try:
        while piece := os.read(terminal, 65536):
            yield piece
    except OSError:  # Linux says end of input of a terminal so
        pass
    finally:
        os.close(terminal)


def agrees(printed: str, shown: str) -> bool:
    """Whether what was printed is what a page shows; a line `...` stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else f"{re.escape(line.rstrip())} *\n" for line in shown.splitlines()
    )
    return re.fullmatch(pattern, told(printed, shown)) is not None


def told(printed: str, shown: str) -> str:
    """What was printed, as far as a page is about it: how much could not be judged changes with every new rule."""
    if printed and not printed.endswith("\n"):
        printed += "\n"
    return printed if "not judged:" in shown else re.sub(r"^not judged: .*\n", "", printed, flags=re.M)
