"""The pipeline: sources to resources to results to a report. Callable again and again in one process.

map     every source alone: text, documents, gate, typed resources, local rules (`local.py`)
reduce  once: the mesh and the rules that ask it
settle  covered findings, suppressions, severity (`settling.py`)
report  lines and columns (`locate.py`), then one of the formats
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint import __version__
from meshlint.detect import detect
from meshlint.findings import Result, Severity, Spot
from meshlint.local import Mapped, Reader, judge, plain_identity
from meshlint.locate import Locator, report_all
from meshlint.mesh.context import Builds, Context, Entry, External, Scope
from meshlint.mesh.mesh import Mesh
from meshlint.reading import read, read_full, split_lines
from meshlint.registry import Meta, load
from meshlint.report.model import Report, Reported, RuleInfo, Summary
from meshlint.results import CRASHED, Owner, Resolver, crash_of
from meshlint.ruleset import OptionsError, RuleSet
from meshlint.schemas import Catalog
from meshlint.schemas.versions import Target
from meshlint.selection import Selection
from meshlint.settling import PathRule, Wanted, settle
from meshlint.sources import Source
from meshlint.suppress.markers import holds_marker

if TYPE_CHECKING:
    from meshlint.schemas.user import UserSchema
    from meshlint.suppress.apply import Silencing
    from meshlint.suppress.baseline import Baseline


class Settings(msgspec.Struct, frozen=True):
    """What a run is told, merged once from configuration and command line."""

    selection: Selection
    options: Mapping[str, Mapping[str, Any]] = {}
    target: Target = Target()
    detect_version: bool = True
    """Whether the input may say which release of Istio is meant: not where an option or the configuration does."""
    scope: Scope = Scope.AUTO
    namespace: str = "default"
    external: External = External()
    mesh_config: Mapping[str, object] | None = None
    schemas: "Sequence[UserSchema]" = ()
    per_path: tuple[PathRule, ...] = ()
    strict_yaml: bool = False
    """Whether every document goes through the full parser: the same result, more slowly."""
    suppressions: bool = True
    """Whether comments and annotations of the input silence findings."""
    baseline: "Baseline | None" = None


class Input(msgspec.Struct):
    """What a run reads. `context` holds sources that are read, but never reported on."""

    sources: Iterable[Source]
    context: Iterable[Source] = ()
    builds: Builds | None = None
    is_fragment: Callable[[str], bool] = lambda _: False
    charts: tuple[str, ...] = ()
    """Folders of Helm charts in the input: what they render is not visible."""
    skipped: Mapping[str, int] = {}
    notes: tuple[str, ...] = ()
    only: frozenset[str] | None = None
    """Paths: only findings that have their place or a related one in one of these are reported."""
    whole: bool = True
    """Whether this is all that belongs together; of a part nobody can tell that a finding is gone."""


class _Gathered:
    """What the map step has brought together."""

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self.mapped: list[Mapped] = []
        self.reported: list[bool] = []

    def add(self, source: Source, mapped: Mapped, *, reported: bool) -> None:
        self.sources.append(source)
        self.mapped.append(mapped)
        self.reported.append(reported)

    @property
    def entries(self) -> list[Entry]:
        return [entry for mapped in self.mapped for entry in mapped.entries]


def lint(given: Input, settings: Settings, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Judge everything. `progress` is called with the number of sources done so far."""
    given, settings = _with_version(given, settings)
    rules = RuleSet(settings.selection, settings.options, {Target: settings.target})
    gathered = _map(given, settings, rules, progress)
    mesh = Mesh(gathered.entries, _context(given, settings, gathered))
    results = [result for mapped in gathered.mapped for result in mapped.results]
    results += _reduce(mesh, rules.with_mesh(mesh))
    paths = [source.path for source in gathered.sources]
    wanted = Wanted(settings.selection, paths, gathered.reported, settings.per_path, given.only)
    locator = Locator(gathered.sources, [mapped.spans for mapped in gathered.mapped])
    standing = wanted.of(settle(results, settings.selection.rules))
    if settings.suppressions and any(holds_marker(source.text) for source in gathered.sources):
        silenced = _silenced(standing, given, settings, gathered, locator)
        resolver = Resolver(mesh.origin, lambda spot: _owner(spot, locator))
        problems = [
            result for problem in silenced.problems for result in resolver.run(rules.local(type(problem)), problem)
        ]
        standing = silenced.results + wanted.of(problems)
    found = report_all(standing, {**settings.selection.rules, CRASHED.code: CRASHED}, locator)
    if settings.baseline is not None:
        found = settings.baseline.applied(found, settings.selection)
    return Report(
        findings=found,
        summary=_summary(given, gathered, found, mesh),
        rules=[_rule_info(meta, settings) for meta in settings.selection.rules.values()],
        version=__version__,
        files=sorted({source.path for source, shown in zip(gathered.sources, gathered.reported, strict=True) if shown}),
        lines=_lines(gathered.sources),
    )


class Survey(msgspec.Struct, frozen=True, eq=False):
    """What was read, for a command that asks questions of its own about the mesh."""

    mesh: Mesh
    locator: Locator
    """Where a `Spot` is in its file; `results.spot_of` makes one of a place."""
    findings: Sequence[Reported]
    """What the selected rules say of single resources: those about the text that could not be read."""
    summary: Summary


def survey(given: Input, settings: Settings, progress: Callable[[int], None] = lambda _: None) -> Survey:
    """Read everything, and judge no more than each resource alone."""
    given, settings = _with_version(given, settings)
    rules = RuleSet(settings.selection, settings.options, {Target: settings.target})
    gathered = _map(given, settings, rules, progress)
    mesh = Mesh(gathered.entries, _context(given, settings, gathered))
    locator = Locator(gathered.sources, [mapped.spans for mapped in gathered.mapped])
    results = [result for mapped in gathered.mapped for result in mapped.results]
    found = report_all(results, {**settings.selection.rules, CRASHED.code: CRASHED}, locator)
    return Survey(mesh, locator, found, _summary(given, gathered, found, mesh))


def _with_version(given: Input, settings: Settings) -> tuple[Input, Settings]:
    """What to read and the settings, with the release of Istio that the input installs, and a note that says so."""
    if not settings.detect_version or settings.target.istio != Target().istio:
        return given, settings
    given = msgspec.structs.replace(given, sources=list(given.sources), context=list(given.context))
    detected = detect((*given.sources, *given.context))
    if detected.release is not None:
        target = msgspec.structs.replace(settings.target, istio=detected.release)
        settings = msgspec.structs.replace(settings, target=target)
    return msgspec.structs.replace(given, notes=(*given.notes, *detected.notes)), settings


def _map(given: Input, settings: Settings, rules: RuleSet, progress: Callable[[int], None]) -> _Gathered:
    catalog = Catalog(settings.target, settings.schemas)
    reader = read_full if settings.strict_yaml else read
    gathered = _Gathered()
    for sources, reported in ((given.sources, True), (given.context, False)):
        for source in sources:
            number = len(gathered.sources)
            mapped = _judged(source, number, rules, catalog, reader, fragment=given.is_fragment(source.path))
            gathered.add(source, mapped, reported=reported)
            progress(number + 1)
    return gathered


def _judged(source: Source, number: int, rules: RuleSet, catalog: Catalog, reader: Reader, *, fragment: bool) -> Mapped:
    """Judge one source; where meshlint itself fails, that is a finding about this file, and the others go on."""
    try:
        return judge(source, number, rules, catalog, reader, fragment=fragment)
    except OptionsError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        return Mapped([], [crash_of(source.path, number, error)], [], {"unreadable": 1})


def _context(given: Input, settings: Settings, gathered: _Gathered) -> Context:
    templates = {
        source.path.rpartition("/")[0]
        for source, mapped in zip(gathered.sources, gathered.mapped, strict=True)
        if mapped.is_template
    }
    return Context(
        scope=settings.scope,
        namespace=settings.namespace,
        external=settings.external,
        builds=given.builds,
        template_folders=tuple(sorted({*templates, *given.charts})),
        mesh_config=settings.mesh_config,
    )


def _reduce(mesh: Mesh, rules: RuleSet) -> list[Result]:
    """The rules that look at the whole mesh, each resource once, then those about the mesh itself."""
    resolver = Resolver(mesh.origin, lambda _: (None, 0))
    results: list[Result] = []
    for entry in mesh.judged:
        results += resolver.run(rules.over_mesh(type(entry.resource)), entry.resource)
    results += resolver.run(rules.over_mesh(Mesh), mesh)
    return results


def _silenced(
    results: Sequence[Result], given: Input, settings: Settings, gathered: _Gathered, locator: Locator
) -> "Silencing":
    """What comments and annotations silence, and what is wrong with them."""
    from meshlint.suppress.apply import silence

    fragments = {number for number, mapped in enumerate(gathered.mapped) if "fragment" in mapped.skipped}
    whole = given.whole and settings.scope is not Scope.PARTIAL
    return silence(
        results,
        [source.text for source in gathered.sources],
        [
            None if mapped.is_template else [(span.start, span.end) for span in mapped.spans]
            for mapped in gathered.mapped
        ],
        locator,
        settings.selection,
        judged=lambda source, meta: source not in fragments and (whole or not meta.mesh),
    )


def _owner(spot: Spot, locator: Locator) -> Owner:
    """The resource whose annotation a spot is; a comment belongs to none."""
    if "metadata" not in spot.path:
        return None, 0
    prefix = spot.path[: spot.path.index("metadata")]
    data = locator.data(spot)
    for step in prefix:
        data = data[step]
    named = isinstance(data, dict) and isinstance(data.get("kind"), str) and isinstance(data.get("apiVersion"), str)
    return (plain_identity(data), len(prefix)) if named else (None, 0)


def _summary(given: Input, gathered: _Gathered, found: Sequence[Reported], mesh: Mesh) -> Summary:
    counting = Counter(item.severity for item in found if item.suppressed is None)
    skipped = Counter(given.skipped)
    notes = list(given.notes)
    for mapped in gathered.mapped:
        skipped.update(mapped.skipped)
        notes += mapped.notes
    return Summary(
        files=len({source.path for source, shown in zip(gathered.sources, gathered.reported, strict=True) if shown}),
        documents=sum(len(mapped.spans) for mapped in gathered.mapped),
        resources=sum(entry.origin.base is None for entry in mesh.entries),
        skipped=dict(sorted(skipped.items())),
        findings={severity: counting.get(severity, 0) for severity in Severity},
        suppressed=sum(item.suppressed is not None for item in found),
        unknown=sum(mesh.unknown.values()),
        notes=tuple(notes),
    )


def _rule_info(meta: Meta, settings: Settings) -> RuleInfo:
    return RuleInfo(
        code=meta.code,
        name=meta.name,
        summary=meta.summary,
        severity=settings.selection.severities.get(meta.code, meta.severity),
        help=lambda: load(meta.module).page,
        url=meta.url,
        topic=meta.topic,
        equivalents=meta.equivalents,
        default=meta.default,
    )


def _lines(sources: Sequence[Source]) -> Callable[[str], Sequence[str] | None]:
    """Lines of a file by its path, put together from its sources: fences leave the lines between them empty."""
    by_path: dict[str, list[Source]] = {}
    for source in sources:
        by_path.setdefault(source.path, []).append(source)
    known: dict[str, list[str]] = {}

    def lines(path: str) -> Sequence[str] | None:
        if path not in by_path:
            return None
        if path not in known:
            known[path] = _joined(by_path[path])
        return known[path]

    return lines


def _joined(sources: Sequence[Source]) -> list[str]:
    lines: list[str] = []
    for source in sources:
        lines += [""] * (source.line - len(lines))
        own = split_lines(source.text)
        indents = source.indents or (0,) * len(own)
        lines += [" " * indent + line for indent, line in zip(indents, own, strict=False)]
    return lines
