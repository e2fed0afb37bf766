"""The indexes of the rules: by topic, by severity, by kind of resource, by codes of other tools."""

from collections.abc import Iterable

from meshlint.report.model import SEVERITIES
from tools.pages.rules import Entry, entries, peer_link
from tools.pages.titles import TOPICS, topic_title

_HEAD = "| rule | severity | says |\n| --- | --- | --- |"
_ALSO = (
    "Also: [by severity](by-severity.md), [by kind of resource](by-kind.md), [by codes of other tools](other-tools.md)."
    " `meshlint explain` prints this list, `meshlint explain ML204` the page of a rule."
)
_PEERS = (
    "Which rules say what a code of `istioctl analyze` (IST) or Kiali (KIA) says. The codes can be used for rules:"
    " `--select IST0101`, `# meshlint: ignore[KIA1107]`; a code keeps only the findings that carry it. How far the"
    " tools agree is on [its own page](../parity.md)."
)


def pages() -> dict[str, str]:
    """Every index: file name -> Markdown."""
    return {
        "index.md": _by_topic(),
        "by-severity.md": _by_severity(),
        "by-kind.md": _by_kind(),
        "other-tools.md": _by_peer(),
    }


def topics() -> dict[str, list[Entry]]:
    """The rules by folder, in the order of the codes."""
    found: dict[str, list[Entry]] = {topic: [] for topic in TOPICS}
    for entry in entries():
        found.setdefault(entry.meta.topic, []).append(entry)
    return {topic: several for topic, several in found.items() if several}


def _table(several: Iterable[Entry]) -> str:
    return "\n".join([_HEAD, *map(_row, several)]) + "\n"


def _row(entry: Entry) -> str:
    meta = entry.meta
    severity = meta.severity.value
    marks = f'<span class="severity {severity}">{severity}</span>'
    marks += "" if meta.default else " off"
    return f"| [{meta.code}]({meta.code}.md)<br>`{meta.name}` | {marks} | {meta.summary} |"


def _by_topic() -> str:
    rules = entries()
    on = sum(entry.meta.default for entry in rules)
    parts = [
        "# Rules\n",
        f"{len(rules)} rules, {on} of them on by default; *off* marks the others. {_ALSO}\n",
    ]
    for topic, several in topics().items():
        parts += [f"## {topic_title(topic)} {{ #{topic} }}\n", _table(several)]
    return "\n".join(parts)


def _by_severity() -> str:
    says = {
        "error": "The API server or istiod refuses it, or traffic breaks.",
        "warning": "It does not do what it says, or will break with an upgrade.",
        "info": "Worth knowing; `--fail-on info` makes it count.",
    }
    parts = ["# Rules by severity\n", "The configuration can give a rule another severity.\n"]
    for severity in SEVERITIES:
        several = [entry for entry in entries() if entry.meta.severity is severity]
        parts += [f"## {severity.value}\n", f"{says[severity.value]}\n", _table(several)]
    return "\n".join(parts)


def _by_kind() -> str:
    """A section for each kind; the rules about every kind come first and are not repeated."""
    kinds: dict[str, list[Entry]] = {}
    general = [entry for entry in entries() if entry.is_general]
    for entry in entries():
        if not entry.is_general:
            for kind in entry.kinds:
                kinds.setdefault(kind, []).append(entry)
    parts = ["# Rules by kind of resource\n", "What each rule looks at first; many look at others to judge it.\n"]
    for kind, several in sorted(kinds.items()):
        parts += [f"## {kind}\n", _table(several)]
    parts += ["## Every kind\n", _table(general)]
    return "\n".join(parts)


def _by_peer() -> str:
    codes: dict[str, list[Entry]] = {}
    for entry in entries():
        for code in entry.meta.equivalents:
            codes.setdefault(code, []).append(entry)
    parts = [
        "# Codes of other tools\n",
        f"{_PEERS}\n",
    ]
    for title, start in (("istioctl analyze", "IST"), ("Kiali", "KIA")):
        rows = ["| code | rules |", "| --- | --- |"]
        for code in sorted(code for code in codes if code.startswith(start)):
            links = ", ".join(f"[{entry.meta.code}]({entry.meta.code}.md) {entry.meta.name}" for entry in codes[code])
            rows.append(f"| {peer_link(code)} | {links} |")
        parts += [f"## {title}\n", "\n".join(rows) + "\n"]
    return "\n".join(parts)
