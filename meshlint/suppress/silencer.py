"""One word of a suppression: which findings it names, where it stands and what it covers."""

from collections.abc import Iterable

import msgspec

from meshlint.findings import Path, Result, Spot
from meshlint.registry import Meta


class Silencer(msgspec.Struct, frozen=True):
    """A code, name or peer's code that silences findings.

    `line` is a line of the source's text, None for the whole of what else is given: the source,
    or with `document` the resource that begins at `prefix` of it.
    """

    word: str
    spot: Spot
    reason: str
    line: int | None = None
    document: int | None = None
    prefix: Path = ()
    foreign: bool = False
    """Another tool's annotation: it may name what meshlint does not know, or silence nothing of ours."""

    def names(self, result: Result) -> bool:
        """Whether it is of this rule, or names a peer's code that the finding carries."""
        if self.foreign:
            return any(self.word in (code, "*") for code in result.equivalents if code.startswith("IST"))
        return self.word in (result.rule, result.name) or self.word in result.equivalents


class Words:
    """What the words of suppressions may be: codes, names and peers' codes of every known rule."""

    def __init__(self, metas: Iterable[Meta]) -> None:
        self._metas: dict[str, list[Meta]] = {}
        for meta in metas:
            for word in (meta.code, meta.name, *meta.equivalents):
                self._metas.setdefault(word, []).append(meta)

    def rules(self, word: str) -> list[Meta]:
        """The rules that a word names; none for an unknown word."""
        return self._metas.get(word, [])

    def nearest(self, word: str) -> str | None:
        """The word that was probably meant."""
        from meshlint.suggest import nearest

        return nearest(word, self._metas)
