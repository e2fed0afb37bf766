"""Templates of Helm and Jinja: text that becomes YAML only once somebody renders it."""

from __future__ import annotations

import re

# Compiled where it is asked: most texts hold no action.
_CODE = r"""(?mx)
    (?P<template>\{\{|\{%)
    | (?<![^\s\[{,(])(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')  # a quoted scalar may hold braces and stay YAML
    | (?<!\S)\#[^\n]*  # so may a comment
    """
_BLOCK = r"(?:^|[\s:-])[|>][-+0-9]*[ \t]*(?:\#.*)?$"


def looks_like_template(text: str) -> bool:
    """Whether text has template actions (`{{ .Values.x }}`, `{% if x %}`) where YAML would have structure.

    Asked when a text does not parse, so it need not be exact: actions inside quotes, comments and
    block scalars do not count, since such text is YAML and its error is another one.
    """
    if "{{" not in text and "{%" not in text:
        return False
    code, opening = re.compile(_CODE), re.compile(_BLOCK)
    block: int | None = None
    for line in text.splitlines():
        content = line.lstrip(" ")
        indent = len(line) - len(content)
        if block is not None:
            if not content.strip() or indent > block:
                continue
            block = None
        if any(match["template"] for match in code.finditer(line)):
            return True
        if opening.search(line):
            block = indent
    return False


def holds_actions(text: str) -> bool:
    """Whether text has template actions anywhere.

    Enough for a file in the `templates/` folder of a chart: there a quoted `"{{ .Values.host }}"`
    parses as YAML, but the name it gives is none.
    """
    return "{{" in text
