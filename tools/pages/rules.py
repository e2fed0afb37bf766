"""The page of a rule: its docstring, with what the decorator says, and what meshlint says of its bad example."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import msgspec

from meshlint.config.schema import of_options
from meshlint.model.base import Resource
from meshlint.model.kinds import every_kind
from meshlint.registry import Meta, Rule, built_in, load
from meshlint.report.model import Reported
from meshlint.results import CRASHED
from tests.examples import Example, examples
from tests.support import report
from tools.pages.titles import topic_title

_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_CODE = re.compile(r"(?<![\w`\[#/])ML\d{3}\b(?![`\]]|\.md)")
_URL = re.compile(r"<(https?://[^>\s]+)>|(?<!\]\()\b(https?://[^\s<>()\]]+[^\s<>()\].,;:])")
_ISTIO = "https://istio.io/latest/docs/reference/config/analysis/{}/"
_KIALI = "https://kiali.io/docs/features/validations/"


class Entry(msgspec.Struct, frozen=True, eq=False):
    """What is known of a rule: the decorator's words, the rule, and what it finds in the examples of its page."""

    meta: Meta
    rule: Rule
    findings: Mapping[int, tuple[Reported, ...]]
    """By number of the example."""

    @property
    def fixes(self) -> bool:
        """Whether `--fix` corrects something that the page shows."""
        return any(found.fix for several in self.findings.values() for found in several)

    @property
    def kinds(self) -> list[str]:
        """The kinds it looks at; those of its examples where it looks at problems or the mesh as a whole."""
        subjects = [subject for subject in self.rule.subjects if issubclass(subject, Resource)]
        concrete = {kind.__name__ for subject in subjects if subject is not Resource for kind in _concrete(subject)}
        shown = {found.resource.kind for several in self.findings.values() for found in several if found.resource}
        return sorted(concrete or shown)

    @property
    def is_general(self) -> bool:
        """Whether it looks at resources of every kind."""
        problems = all(".model." not in path and ".mesh." not in path for path in self.meta.subjects)
        return problems or any(path.endswith(".Resource") for path in self.meta.subjects)


def _concrete(subject: type[Resource]) -> Sequence[type[Resource]]:
    """The kinds that a subject stands for: those derived from it, else itself."""
    return [kind for kind in every_kind() if issubclass(kind, subject) and kind is not subject] or [subject]


@cache
def entries() -> tuple[Entry, ...]:
    """All built-in rules, by code."""
    return tuple(_entry(meta) for meta in sorted(built_in(), key=lambda meta: meta.code))


def _entry(meta: Meta) -> Entry:
    rule = load(meta.module)
    found = {n: _findings(meta.code, example) for n, example in enumerate(examples(rule.page))}
    return Entry(meta, rule, found)


def _findings(code: str, example: Example) -> tuple[Reported, ...]:
    names = tuple(name or f"file{n}.yaml" for n, name in enumerate(example.names))
    findings = report(*example.texts, only=(code,), options=example.options, names=names).findings
    return tuple(found for found in findings if found.suppressed is None)


def peer_link(code: str) -> str:
    """A code of another tool, linked to its page there."""
    return f"[{code}]({_ISTIO.format(code.lower()) if code.startswith('IST') else _KIALI})"


def rule_page(entry: Entry) -> str:
    """The Markdown of a rule's page."""
    meta, summary = entry.meta, entry.meta.summary
    body = entry.rule.page.partition("\n\n")[2]
    head = f"---\ntitle: {meta.code} {meta.name}\ndescription: {msgspec.json.encode(summary).decode()}\n---\n"
    parts = [head, f"# {meta.code} {meta.name}\n", f"**{summary}**\n", "\n".join(_facts(entry)) + "\n"]
    parts += [_body(entry, body), *_options(entry), _silencing(meta)]
    return "\n".join(parts)


def crashed_page() -> str:
    """The page of the engine's own rule, which no file holds."""
    return f"""# {CRASHED.code} {CRASHED.name}

**{CRASHED.summary}**

<span class="severity error">error</span> · always on · since {CRASHED.since}

The rule has judged nothing more of this resource, so its silence proves nothing; the exit code is 3. It is a defect of
the rule, not of your files: please report it with the message and the resource. Until it is mended, `--ignore` with the
code of that rule lets the others decide.

Nothing silences this finding.
"""


def _facts(entry: Entry) -> Iterator[str]:
    meta = entry.meta
    severity = meta.severity.value
    facts = [
        f'<span class="severity {severity}">{severity}</span>',
        "on by default" if meta.default else f"off by default (`--extend-select {meta.code}`)",
        *(["corrected by `--fix`"] if entry.fixes else []),
        f"since {meta.since}",
        f"[{topic_title(meta.topic)}](index.md#{meta.topic})",
    ]
    yield " · ".join(facts)
    kinds = entry.kinds
    if entry.is_general:
        yield "<br>Looks at resources of [every kind](by-kind.md#every-kind)."
    elif kinds:
        yield f"<br>Looks at {', '.join(f'[{kind}](by-kind.md#{kind.lower()})' for kind in kinds)}."
    if meta.equivalents:
        yield f"<br>Other tools: {', '.join(map(peer_link, meta.equivalents))}"
    if meta.covers:
        codes = ", ".join(f"[{code}]({code}.md)" for code in meta.covers)
        yield f"<br>Reported instead of {codes} where both are about the same place."


def _body(entry: Entry, text: str) -> str:
    """The docstring below its first sentence: headings one level up, marked lines highlighted and explained."""
    number = -1
    out: list[str] = []
    position = 0
    told = list(entry.findings.values())
    fences = list(_FENCE.finditer(text))
    of_fence = _examples_of(examples(entry.rule.page))
    for index, fence in enumerate(fences):
        out.append(_raised(text[position : fence.start()]))
        position = fence.end()
        if not fence.group().startswith(("```yaml", "```yml")):
            out.append(fence.group())
            continue
        number += 1
        example, name, is_last = of_fence[number]
        here = [found for found in told[example] if found.path == name]
        out.append(_highlighted(fence.group(), here))
        if is_last and told[example]:
            following = text[position : fences[index + 1].start()] if index + 1 < len(fences) else text[position:]
            out.append(f"\n\n{_says(told[example])}" + ("" if following.startswith("\n\n") else "\n"))
    out.append(_raised(text[position:]))
    return "".join(out).strip() + "\n"


def _examples_of(found: list[Example]) -> list[tuple[int, str, bool]]:
    """For each YAML fence: the number of its example, its file name, whether the example ends with it."""
    return [
        (number, name or f"file{n}.yaml", n == len(example.names) - 1)
        for number, example in enumerate(found)
        for n, name in enumerate(example.names)
    ]


def _raised(text: str) -> str:
    """Prose of a docstring: headings one level up, codes of rules linked to their pages."""
    text = re.sub(r"^##(#+ )", r"#\1", text, flags=re.M)
    text = _URL.sub(_titled, text)
    codes = _codes()
    return _CODE.sub(lambda match: f"[{match[0]}]({match[0]}.md)" if match[0] in codes else match[0], text)


def _titled(match: re.Match[str]) -> str:
    """An address in prose as a link that says where it leads: `istio.io: virtual-service#HTTPRetry`."""
    url = match[1] or match[2]
    host, _, path = url.partition("://")[2].partition("/")
    page, _, anchor = path.partition("#")
    last = page.rstrip("/").rpartition("/")[2].removesuffix(".html")
    label = ": ".join(filter(None, [host.removeprefix("www."), last + (f"#{anchor}" if anchor else "")]))
    return f"[{_escaped(label)}]({url})"


@cache
def _codes() -> frozenset[str]:
    return frozenset(meta.code for meta in built_in())


def _highlighted(fence: str, found: list[Reported]) -> str:
    """A fence whose reported lines are highlighted (`hl_lines` is an attribute of the site's fences)."""
    if not found:
        return fence
    head, _, rest = fence.partition("\n")
    lines = " ".join(str(number) for number in sorted({item.region.line for item in found}))
    return f'{head} hl_lines="{lines}"\n{rest}'


def _says(found: tuple[Reported, ...]) -> str:
    """What meshlint says of an example, as a list."""
    several = len({item.path for item in found}) > 1 or not found[0].path.startswith("file")
    rows = ["meshlint says:\n"]
    for item in found:
        where = f"`{item.path}` line {item.region.line}" if several else f"line {item.region.line}"
        advice = f"<br>*Help:* {prose(item.help)}" if item.help else ""
        rows.append(f"- {where}: {prose(item.message)}{advice}")
    return "\n".join(rows)


def prose(text: str) -> str:
    """Text of a finding as Markdown: what stands in backticks stays code, nothing else is taken for a mark."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its twin: none of them is a mark
        return _escaped(text)
    return "".join(f"`{part}`" if n % 2 else _escaped(part) for n, part in enumerate(parts))


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|{}~^])", r"\\\1", text)


def _options(entry: Entry) -> Iterator[str]:
    options = entry.rule.options
    if options is None:
        return
    yield "## Options\n\n| option | default | says |\n| --- | --- | --- |"
    rows = of_options(options)
    defaults = msgspec.to_builtins(options())
    for key, node in rows.items():
        yield f"| `{key}` | `{_yaml(defaults[key])}` | {node.get('description', '')} |"
    sample = next(iter(rows))
    yield f'\n```yaml title=".meshlint.yaml"\nrules:\n  {entry.meta.name}: {{{sample}: {_other(defaults[sample])}}}\n```\n'


def _yaml(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _other(value: object) -> str:
    """A value for the example that is not the default, where that is easy."""
    return _yaml(not value) if isinstance(value, bool) else _yaml(value)


def _silencing(meta: Meta) -> str:
    if not meta.ignorable:
        return "## Silence it\n\nNo comment, annotation or baseline silences this rule; only `ignore` in `.meshlint.yaml` does.\n"
    return (
        f"## Silence it\n\nOne line: `# meshlint: ignore[{meta.code}] reason`. A resource: the annotation"
        f' `meshlint.dev/ignore: "{meta.code}: reason"`. Everywhere: `ignore: [{meta.code}]` in `.meshlint.yaml`, or'
        f" another severity: `rules: {{{meta.name}: {{severity: info}}}}`. See [silencing findings](../suppression.md).\n"
    )
