"""Which rules run: `--select`, `--extend-select`, `--ignore`, and the severity each reports with."""

from collections.abc import Iterable, Mapping

import msgspec

from meshlint.findings import Severity
from meshlint.registry import Meta

_DIGITS = str.maketrans("OQDILZSB", "00011258")
"""Letters that are typed or read for digits."""


class SelectionError(Exception):
    """A selector that names no rule; `near` are names it may be a slip of."""

    def __init__(self, selector: str, near: tuple[str, ...]) -> None:
        super().__init__(f"no rule matches `{selector}`")
        self.selector = selector
        self.near = near


class Selection(msgspec.Struct, frozen=True):
    """The rules that run, by code, with the severity each reports."""

    rules: dict[str, Meta]
    severities: dict[str, Severity]
    peers: dict[str, tuple[str, ...]]
    """Rules chosen only by codes of other tools: their findings must carry one of these (or a prefix)."""
    known: Mapping[str, Meta] = {}
    """Every rule that could have been chosen, by code."""

    def keeps(self, code: str, equivalents: Iterable[str]) -> bool:
        """Whether a finding of a rule is wanted, given the peers' codes it carries."""
        wanted = self.peers.get(code)
        return wanted is None or any(carried.startswith(wanted) for carried in equivalents)


def select(
    metas: Iterable[Meta],
    *,
    only: tuple[str, ...] = (),
    extend: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    severities: Mapping[str, Severity] | None = None,
) -> Selection:
    """Choose rules. A selector is a code, a name, a prefix of codes (`ML2`, `all` for every rule), or a peer's code.

    `only` replaces the default set, `extend` adds to it, `ignore` wins over both. A peer's code
    keeps only findings that carry it. Unknown selectors raise SelectionError.
    """
    rules = sorted(metas, key=lambda meta: meta.code)
    chosen: dict[str, Meta] = {}
    peers: dict[str, tuple[str, ...]] = {}
    if not only:
        chosen = {meta.code: meta for meta in rules if meta.default}
    for selector in (*only, *extend):
        own, peer = _matches(rules, selector)
        for meta in own:
            chosen[meta.code] = meta
            peers.pop(meta.code, None)
        for meta in peer:
            if meta.code not in chosen:
                chosen[meta.code] = meta
                peers[meta.code] = (selector,)
            elif meta.code in peers:
                peers[meta.code] += (selector,)
    for selector in ignore:
        own, peer = _matches(rules, selector)
        for meta in (*own, *peer):
            chosen.pop(meta.code, None)
    return Selection(chosen, dict(severities or {}), peers, {meta.code: meta for meta in rules})


def _matches(rules: list[Meta], selector: str) -> tuple[list[Meta], list[Meta]]:
    """The rules a selector names itself, and those it names by a peer's code."""
    if selector.lower() == "all":
        return rules, []
    selector = selector.upper() if selector[:2].lower() == "ml" and selector[2:].isdecimal() else selector
    own = [meta for meta in rules if meta.code.startswith(selector) or meta.name == selector]
    peer = [] if own else [meta for meta in rules if any(code.startswith(selector) for code in meta.equivalents)]
    if not own and not peer:
        raise SelectionError(selector, near_names(rules, selector))
    return own, peer


def near_names(rules: Iterable[Meta], selector: str) -> tuple[str, ...]:
    """Codes and names of rules that `selector` may be a slip of: letters for digits first, then what looks similar."""
    import difflib

    known = [word for meta in rules for word in (meta.code, meta.name, *meta.equivalents)]
    code = selector[:-3].upper() + selector[-3:].upper().translate(_DIGITS)
    if code in known:
        return (code,)
    return tuple(difflib.get_close_matches(selector, known, n=3, cutoff=0.75))
