"""Why a document cannot be read."""

from __future__ import annotations


class Refusal(Exception):
    """A document that Kubernetes would not read. `offset` and `length` are in the document's text.

    `is_syntax` marks what the parser refuses, as against what the parsed document cannot mean.
    """

    def __init__(
        self,
        message: str,
        *,
        offset: int,
        length: int = 1,
        help: str | None = None,  # noqa: A002 - the word of the problem
        is_syntax: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.offset = offset
        self.length = length
        self.is_syntax = is_syntax


def looks_like_template(text: str) -> bool:
    """Whether a text holds the marks of Helm, Go or Jinja templates."""
    return "{{" in text or "{%" in text
