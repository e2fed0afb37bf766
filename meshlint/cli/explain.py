"""`meshlint explain [CODE]`: the page of a rule, or the list of all."""

from collections.abc import Iterator

import click
import msgspec

from meshlint.cli.options import complete
from meshlint.cli.settings import effective, known_rules
from meshlint.cli.usage import Failure
from meshlint.registry import Meta, Options, RuleError, load
from meshlint.selection import near_names


@click.command()
@click.argument("code", required=False, shell_complete=complete)
@click.option("--rules-dir", multiple=True, metavar="DIR", help="Further rules; those of .meshlint.yaml are known.")
def explain(code: str | None, rules_dir: tuple[str, ...]) -> int:
    """Print the page of a rule (by code, name or a peer's code), or without CODE the list of all rules."""
    try:
        metas = known_rules(rules_dir or _configured())
    except RuleError as error:
        raise Failure(str(error), help="mend the file, or leave its folder out of `rules-dir`") from error
    if code is None:
        click.echo("\n".join(_row(meta) for meta in metas))
        return 0
    wanted = [meta for meta in metas if code in {meta.code, meta.code.lower(), meta.name, *meta.equivalents}]
    if not wanted:
        near = " or ".join(f"`{name}`" for name in near_names(metas, code))
        advice = f"did you mean {near}?" if near else "`meshlint explain` lists all"
        raise Failure(f"no rule is called `{code}`", help=advice)
    click.echo("\n\n".join(page(meta) for meta in wanted))
    return 0


def _configured() -> tuple[str, ...]:
    """The folders of rules that the configuration names; none where it is broken: `check` tells that."""
    try:
        return effective({}).locations("rules_dir")
    except Failure:
        return ()


def page(meta: Meta) -> str:
    """A rule's page as Markdown, headed by what the decorator says."""
    rows = [f"# {meta.code} {meta.name}", "", f"Severity: {meta.severity.value} · since {meta.since} · {meta.topic}"]
    if meta.equivalents:
        rows.append(f"Other tools: {', '.join(meta.equivalents)}")
    if not meta.default:
        rows.append(f"Off by default: `--extend-select {meta.code}` switches it on.")
    rule = load(meta.module)
    return "\n".join((*rows, "", rule.page, *(_options(meta.code, rule.options) if rule.options else ())))


def _options(code: str, options: type[Options]) -> Iterator[str]:
    """What the configuration may say of a rule, as a section of its page."""
    from meshlint.config.schema import of_options

    yield from ("", "### Options", "", f"In `.meshlint.yaml` under `rules: {{{code}: {{...}}}}`:", "")
    for key, node in of_options(options).items():
        default = msgspec.json.encode(node["default"]).decode() if "default" in node else "none"
        yield f"- `{key}` (default `{default}`): {node.get('description', '')}"


def _row(meta: Meta) -> str:
    off = "" if meta.default else " (off by default)"
    return f"{meta.code}  {meta.severity.value:<7}  {meta.name:<32}  {meta.summary}{off}"
