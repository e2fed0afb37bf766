"""What the site adds to the pages: their place in the navigation, and pages that are files of the repository.

Hooks of mkdocs (`hooks` in mkdocs.yml). A new rule, decision or page needs no entry anywhere: rules
go under their topic, decisions under *Decisions*, any other page at the end of *Reference*.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from meshlint.registry import Meta, built_in  # noqa: E402
from meshlint.results import CRASHED  # noqa: E402
from tools.pages.titles import TOPICS, topic_title  # noqa: E402

Nav = list[Any]

REPOSITORY = "https://github.com/meshlint/meshlint/blob/main/"
OF_REPOSITORY = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
"""Pages whose text is that of a file in the root of the repository."""


def on_config(config: Any) -> Any:
    """Fill the navigation."""
    docs = Path(config.docs_dir)
    sections: dict[str, Nav] = {title: pages for section in config.nav for title, pages in section.items()}
    sections["Rules"].extend(_rules())
    decisions = [f"adr/{path.name}" for path in sorted((docs / "adr").glob("*.md"))]
    next(item for item in sections["Project"] if isinstance(item, dict))["Decisions"].extend(decisions)
    named = set(_named(config.nav))
    sections["Reference"].extend(path.name for path in sorted(docs.glob("*.md")) if path.name not in named)
    return config


def _rules() -> Iterator[Any]:
    yield "rules/index.md"
    yield {"By severity": "rules/by-severity.md"}
    yield {"By kind of resource": "rules/by-kind.md"}
    yield {"Codes of other tools": "rules/other-tools.md"}
    by_topic: dict[str, list[Meta]] = {topic: [] for topic in TOPICS}
    for meta in sorted(built_in(), key=lambda meta: meta.code):
        by_topic.setdefault(meta.topic, []).append(meta)
    for topic, metas in by_topic.items():
        if metas:
            metas = [*metas, CRASHED] if topic == "input" else metas
            yield {topic_title(topic): [{f"{meta.code} {meta.name}": f"rules/{meta.code}.md"} for meta in metas]}


def _named(nav: Nav) -> Iterator[str]:
    for item in nav:
        if isinstance(item, str):
            yield item
        else:
            for below in item.values():
                yield from _named([below] if isinstance(below, str) else below)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Take the text of the repository's files, and make fences say what they are to the highlighter."""
    path = page.file.src_uri
    if path in OF_REPOSITORY:
        markdown = _LINK.sub(_moved, (ROOT / OF_REPOSITORY[path]).read_text(encoding="utf-8"))
    return _BAR.sub(lambda match: match[0].replace("\\|", "|"), _FENCE.sub(_fence, markdown))


_LINK = re.compile(r"(\]\(|src=\"|href=\")(?!https?:|#)([^)\"#\s]+)")
_FENCE = re.compile(r"^(```\w+) ([^\n]+)$", re.M)
_BAR = re.compile(r"`[^`\n]*\\\|[^`\n]*`")
"""A bar in code in a table: GitHub wants a backslash before it, the site's Markdown shows that."""
_INFO = re.compile(r"([\w-]+)=(\"[^\"]*\"|\S+)")


def _moved(match: re.Match[str]) -> str:
    """A link of a file in the root: to a page of the site where there is one, else to the repository."""
    start, target = match.groups()
    pages = {file: page for page, file in OF_REPOSITORY.items()}
    if target.startswith("docs/"):
        return start + target.removeprefix("docs/")
    return start + pages.get(target, REPOSITORY + target)


def _fence(match: re.Match[str]) -> str:
    """The info string of an example (`name=a.yaml options="..."`) as a title; the highlighter knows no others."""
    info = {key: value.strip('"') for key, value in _INFO.findall(match.group(2))}
    if not info:
        return match.group(0)
    title = " ".join(filter(None, [info.pop("title", ""), info.pop("name", ""), info.pop("options", "")]))
    words = {key: info[key] for key in ("hl_lines", "linenums") if key in info} | ({"title": title} if title else {})
    return " ".join([match.group(1), *(f'{key}="{value}"' for key, value in words.items())])
