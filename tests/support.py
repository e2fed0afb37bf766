"""What several tests share: running the engine on YAML text, and finding the shared reference material."""

import os
import re
from functools import cache
from pathlib import Path

from meshlint.cli.settings import known_rules
from meshlint.engine import Input, lint
from meshlint.registry import Meta
from meshlint.report.model import Report, Reported
from meshlint.sources import Source

ROOT = Path(__file__).resolve().parent.parent
MARK = re.compile(r"#.*?\b(ML\d{3})\b")


def shared() -> Path | None:
    """The folder of reference material, None where a checkout has none."""
    folder = Path(os.environ.get("MESHLINT_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "cases").is_dir() else None


@cache
def all_rules() -> dict[str, Meta]:
    """Every rule by code."""
    return {meta.code: meta for meta in known_rules()}


def report(*texts: str, only: tuple[str, ...] = (), options: str = "", names: tuple[str, ...] = ()) -> Report:
    """Lint texts as if each were a file; `options` are options of the command line."""
    from meshlint.cli.check import check
    from meshlint.cli.options import given
    from meshlint.cli.settings import settings_of
    from meshlint.config import merged

    values = given(check.make_context("check", options.split()))
    settings = settings_of(merged(None, values | ({"select": only} if only else {})))
    sources = [
        Source(names[n] if n < len(names) and names[n] else f"file{n}.yaml", text, named=True)
        for n, text in enumerate(texts)
    ]
    return lint(Input(sources), settings)


def findings(*texts: str, only: tuple[str, ...] = (), options: str = "") -> list[Reported]:
    """The findings of `report`."""
    return list(report(*texts, only=only, options=options).findings)


def marks(text: str) -> set[tuple[int, str]]:
    """The lines of a text that end in `# MLnnn`: (line, code)."""
    return {(number, code) for number, line in enumerate(text.splitlines(), 1) for code in MARK.findall(line)}
