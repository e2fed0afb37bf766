"""From the settings in force to what the engine is told: rules chosen, options checked, files read."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.cli.usage import Failure, in_file
from meshlint.config import ConfigError, Effective, Flaw, PerPath, find, merged, read_config
from meshlint.config.file import BrokenFile
from meshlint.engine import Settings
from meshlint.findings import Part, Path, Severity
from meshlint.mapping import Means
from meshlint.registry import Meta, RuleError, built_in, file_of, from_folder, installed, load
from meshlint.schemas.versions import Target, known
from meshlint.selection import Selection, SelectionError, select
from meshlint.settling import PathRule

if TYPE_CHECKING:
    from meshlint.suppress.baseline import Baseline

_SELECTORS = ("select", "extend-select", "ignore")


def effective(values: dict[str, Any]) -> Effective:
    """Lay options that were given over the configuration file. Raises Failure where that is wrong."""
    location = values.get("config") or find(os.getcwd())
    file = None
    try:
        if location:
            file = read_config(location)
    except OSError as error:
        raise Failure(f"cannot read {location}: {(error.strerror or str(error)).lower()}") from error
    except BrokenFile as error:
        raise in_file(error.file, error.flaws) from error
    try:
        return merged(file, values)
    except BrokenFile as error:
        raise in_file(error.file, error.flaws) from error


def known_rules(rules_dir: tuple[str, ...] = ()) -> list[Meta]:
    """Every rule that a run may use: built-in, of installed packages, of `--rules-dir`; by code."""
    metas = [*built_in(), *installed()]
    for number, folder in enumerate(rules_dir):
        metas += from_folder(folder, number)
    seen: dict[str, Meta] = {}
    for meta in metas:
        twin = seen.setdefault(meta.code, meta)
        if twin is not meta:
            raise Failure(
                f"two rules are called {meta.code}",
                help=f"{file_of(twin.module)} and {file_of(meta.module)}: rename one",
            )
    return sorted(metas, key=lambda meta: meta.code)


def settings_of(effective: Effective) -> Settings:
    """What the engine is told. Raises Failure for what cannot be, at its place in the configuration file."""
    config = effective.config
    try:
        rules = _rules(effective)
        entries = _rule_entries(config.rules, rules)
        return Settings(
            selection=_selection(effective, rules, entries),
            options={code: entry.options for code, entry in entries.items() if entry.options},
            target=_target(effective),
            detect_version=not effective.is_set("istio-version"),
            strict_yaml=config.strict_yaml,
            means=_means(effective),
            scope=config.scope,
            namespace=config.namespace,
            external=config.external,
            mesh_config=_mesh_config(effective),
            schemas=_schemas(effective),
            suppressions=not config.no_suppressions,
            baseline=_baseline(effective),
            per_path=tuple(_path_rules(config.per_path, rules, effective.folder)) if config.per_path else (),
        )
    except ConfigError as error:
        raise failure(effective, *error.flaws) from error


def failure(effective: Effective, *flaws: Flaw) -> Failure:
    """The flaws, drawn in the configuration file where they are of it."""
    key = str(flaws[0].path[0]) if flaws[0].path else ""
    if effective.file is not None and effective.is_from_file(key):
        return in_file(effective.file, flaws)
    return Failure(flaws[0].message, help=flaws[0].help)


def _rules(effective: Effective) -> list[Meta]:
    """Every rule that may run: those of `rules-dir` too."""
    folders = effective.locations("rules_dir")
    for number, folder in enumerate(folders):
        if not os.path.isdir(folder):
            raise ConfigError(Flaw(f"rules-dir: {folder}: there is no such folder", path=("rules-dir", number)))
    try:
        return known_rules(folders)
    except RuleError as error:
        raise Failure(str(error)) from error


class _RuleEntry(msgspec.Struct, frozen=True):
    """What the configuration says of one rule."""

    severity: Severity | None
    ignorable: bool
    options: dict[str, Any]


def _rule_entries(given: Mapping[str, Mapping[str, Any]], rules: Sequence[Meta]) -> dict[str, _RuleEntry]:
    """The entries of `rules:` by code. ConfigError with everything that is wrong in them."""
    flaws: list[Flaw] = []
    entries: dict[str, _RuleEntry] = {}
    for name, values in given.items():
        meta = _named(rules, name)
        if meta is None:
            flaws.append(_unknown_rule(name, rules, ("rules", name), Part.KEY))
            continue
        wrong = _entry_flaws(meta, values, ("rules", name))
        if meta.code in entries:
            wrong = [Flaw(f"`{name}` is {meta.code}, which stands here already", None, ("rules", name), Part.KEY)]
        if wrong:
            flaws += wrong
            continue
        options = {key: value for key, value in values.items() if key not in {"severity", "ignorable"}}
        severity = Severity(values["severity"]) if "severity" in values else None
        entries[meta.code] = _RuleEntry(severity, values.get("ignorable", True), options)
    if flaws:
        raise ConfigError(*flaws)
    return entries


def _entry_flaws(meta: Meta, values: Mapping[str, Any], path: Path) -> list[Flaw]:
    """What is wrong with an entry, told by the schema of the rule's own options."""
    options = load(meta.module).options if meta.module else None
    own = {key: value for key, value in values.items() if key not in {"severity", "ignorable"}}
    message = None
    try:
        if own and options is not None:
            msgspec.convert(own, options)
        elif own:
            message = f"{meta.code} has no options"
        msgspec.convert(values.get("severity", "error"), Severity)
        msgspec.convert(values.get("ignorable", True), bool)
    except msgspec.ValidationError as error:
        message = str(error)
    if message is None:
        return []
    from meshlint.config.explain import explain
    from meshlint.config.schema import of_rule

    return explain(dict(values), message, of_rule(meta), path)


def _named(rules: Sequence[Meta], name: str) -> Meta | None:
    return next((meta for meta in rules if name in {meta.code, meta.name}), None)


def _unknown_rule(name: str, rules: Sequence[Meta], path: Path, part: Part = Part.VALUE) -> Flaw:
    from meshlint.suggest import nearest

    near = nearest(name, [word for meta in rules for word in (meta.code, meta.name)])
    advice = f"did you mean `{near}`?" if near else "`meshlint explain` lists all rules"
    return Flaw(f"no rule is called `{name}`", advice, path, part)


def _selection(effective: Effective, rules: Sequence[Meta], entries: Mapping[str, _RuleEntry]) -> Selection:
    config = effective.config
    locked = {code for code, entry in entries.items() if not entry.ignorable}
    metas = [msgspec.structs.replace(meta, ignorable=False) if meta.code in locked else meta for meta in rules]
    severities = {code: entry.severity for code, entry in entries.items() if entry.severity is not None}
    try:
        return select(
            metas,
            only=config.select,
            extend=(*config.extend_select, "ML007") if config.require_reason else config.extend_select,
            ignore=config.ignore,
            severities=severities,
        )
    except SelectionError as error:
        key = next(key for key in _SELECTORS if error.selector in getattr(config, key.replace("-", "_")))
        index = getattr(config, key.replace("-", "_")).index(error.selector)
        raise ConfigError(_unmatched(error, (key, index))) from error


def _unmatched(error: SelectionError, path: Path) -> Flaw:
    near = " or ".join(f"`{name}`" for name in error.near)
    return Flaw(str(error), f"did you mean {near}?" if near else "`meshlint explain` lists all rules", path)


def _path_rules(entries: Sequence[PerPath], rules: Sequence[Meta], folder: str) -> Iterator[PathRule]:
    """The entries of `per-path`, with their selectors resolved."""
    from meshlint.patterns import matcher

    for number, entry in enumerate(entries):
        ignored: dict[str, tuple[str, ...] | None] = {}
        for index, selector in enumerate(entry.ignore):
            try:
                chosen = select(rules, only=(selector,))
            except SelectionError as error:
                raise ConfigError(_unmatched(error, ("per-path", number, "ignore", index))) from error
            ignored |= {code: chosen.peers.get(code) for code in chosen.rules}
        severities = {}
        for name, severity in entry.severity.items():
            meta = _named(rules, name)
            if meta is None:
                raise ConfigError(_unknown_rule(name, rules, ("per-path", number, "severity", name), Part.KEY))
            severities[meta.code] = severity
        yield PathRule(matcher(entry.paths, folder), ignored, severities)


def _baseline(effective: Effective) -> "Baseline | None":
    if effective.config.baseline is None:
        return None
    from meshlint.suppress.baseline import BaselineError, read_baseline

    try:
        return read_baseline(effective.location("baseline", effective.config.baseline))
    except BaselineError as error:
        advice = "`--write-baseline FILE` writes one"
        raise ConfigError(Flaw(f"baseline: {error}", advice, ("baseline",))) from error


def _means(effective: Effective) -> Means:
    """How the work is done. A folder that is named is used however small the input is."""
    config = effective.config
    jobs = None if config.jobs == "auto" else config.jobs
    if config.no_cache:
        return Means(jobs)
    return Means(jobs, effective.location("cache", config.cache) if config.cache else None, uses_cache=True)


def _target(effective: Effective) -> Target:
    config = effective.config
    for key, project, release in (
        ("istio-version", "istio", config.istio_version),
        ("gateway-api-version", "gateway-api", config.gateway_api_version),
    ):
        releases = known(project)
        if _minor(release) not in releases:
            raise ConfigError(Flaw(f"{key}: no schemas of `{release}`", f"known are {', '.join(releases)}", (key,)))
    return Target(_minor(config.istio_version), _minor(config.gateway_api_version))


def _minor(version: str) -> str:
    """The release of a version as `istioctl version` prints it: `1.22` of `1.22.3` and `v1.22`."""
    number, dash, channel = version.removeprefix("v").partition("-")
    major, dot, rest = number.partition(".")
    minor, dot_again, patch = rest.partition(".")
    if not (dot_again and patch.isdecimal() and minor.isdecimal()):
        return f"{number}{dash}{channel}"
    return f"{major}{dot}{minor}{dash}{channel}"


def _schemas(effective: Effective) -> tuple[Any, ...]:
    """The schemas that users bring."""
    if not effective.config.schema_dir:
        return ()
    from meshlint.schemas.user import SchemaFileError, UserSchema, load_user_schemas

    schemas: list[UserSchema] = []
    for number, folder in enumerate(effective.locations("schema_dir")):
        try:
            schemas += load_user_schemas(folder)
        except SchemaFileError as error:
            raise ConfigError(Flaw(f"schema-dir: {error}", path=("schema-dir", number))) from error
    return tuple(schemas)


def _mesh_config(effective: Effective) -> Mapping[str, object] | None:
    if effective.config.mesh_config is None:
        return None
    from meshlint.cli.mesh_file import mesh_config_of

    return mesh_config_of(effective.location("mesh_config", effective.config.mesh_config))
