"""Examples in Markdown: the fences of rule pages and of tests/rules/*.md, each with what it expects.

A fence `yaml` holds one file; its info string may carry `name=a.yaml` (files of one example that
follow each other belong together) and `options="--istio-version 1.22"`. Lines that end in `# MLnnn`
must be reported, no others.
"""

import re
import shlex
from dataclasses import dataclass, field

_FENCE = re.compile(r"^```(?:yaml|yml)([^\n]*)\n(.*?)^```", re.M | re.S)
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.M)


@dataclass
class Example:
    """Files that are linted together."""

    title: str
    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    options: str = ""


def examples(page: str) -> list[Example]:
    """The examples of a page: each heading begins a new one, and so does a fence without a name."""
    found: list[Example] = []
    events = sorted(
        [(match.start(), match) for match in _HEADING.finditer(_without_fences(page))]
        + [(match.start(), match) for match in _FENCE.finditer(page)],
        key=lambda event: event[0],
    )
    title, fresh = "", True
    for _, match in events:
        if match.re is _HEADING:
            title, fresh = match.group(2).strip(), True
            continue
        info = dict(part.partition("=")[::2] for part in shlex.split(match.group(1)) if "=" in part)
        if fresh or "name" not in info or not found[-1].names[-1]:
            found.append(Example(title))
        example, fresh = found[-1], False
        example.texts.append(match.group(2))
        example.names.append(info.get("name", ""))
        example.options = info.get("options", example.options)
    return found


def _without_fences(page: str) -> str:
    """The page with every character of a fence blanked, so that a `#` of YAML is no heading."""
    return _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), page)
