"""The pipeline: sources to resources to results to a report. Callable again and again in one process.

map     every source alone: text, documents, gate, typed resources (`local.py`, `mapping.py`); the rules that look at
        one resource alone, over those of many sources (`local_rules.py`)
reduce  once: the mesh and the rules that ask it (`reducing.py`), then delegates merged into their roots (`merges.py`)
settle  covered findings, suppressions, severity (`settling.py`)
report  lines and columns (`locate.py`), then one of the formats
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint import __version__
from meshlint.detect import detect
from meshlint.findings import Result, Severity, Spot
from meshlint.judging import plain_identity
from meshlint.locate import Locator, lines_of, report_all
from meshlint.mapped import Mapped
from meshlint.mapping import Means, Task, map_all, store_of
from meshlint.mesh.context import PLACING_KINDS, Builds, Context, Entry, External, Scope
from meshlint.mesh.mesh import Mesh
from meshlint.model.base import Generic
from meshlint.reducing import reduce
from meshlint.registry import Meta, load
from meshlint.report.model import Report, Reported, RuleInfo, Summary
from meshlint.results import CRASHED, Owner, Resolver
from meshlint.ruleset import RuleSet
from meshlint.schemas.versions import Target
from meshlint.selection import Selection
from meshlint.settling import PathRule, Wanted, settle
from meshlint.sources import Files, Source, Stock

if TYPE_CHECKING:
    from meshlint.cache import Store
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
    means: Means = Means()
    """How the work is done: processes, cache."""


class Input(msgspec.Struct):
    """What a run reads. `context` holds sources that are read, but never reported on."""

    sources: Iterable[Source] | Files
    context: Iterable[Source] | Files = ()
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


class _Gathered(msgspec.Struct, frozen=True, eq=False):
    """What the map step has brought together; the first `own` sources are reported on, the others are context."""

    stock: Stock
    own: int
    mapped: list[Mapped]
    store: "Store | None"
    """What earlier runs left, where a cache is used."""

    @property
    def entries(self) -> Iterator[Entry]:
        return (entry for mapped in self.mapped for entry in mapped.entries)

    @property
    def files(self) -> set[str]:
        """The paths that were judged."""
        return {self.stock.path(n) for n in range(self.own) if self.mapped[n].failure is None}


def lint(given: Input, settings: Settings, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Judge everything. `progress` is called with the number of sources done so far."""
    gathered, settings, notes = _gather(given, settings, progress)
    rules = RuleSet(settings.selection, settings.options, {Target: settings.target})
    mesh = Mesh(gathered.entries, _context(given, settings, gathered))
    results = [result for mapped in gathered.mapped for result in mapped.results]
    over_mesh = rules.with_mesh(mesh)
    results += _reduced(mesh, over_mesh, settings.means.jobs, gathered.store)
    if mesh.has_delegates:
        from meshlint.merges import with_merges

        results = with_merges(results, mesh, over_mesh)
    wanted = Wanted(settings.selection, gathered.stock.path, gathered.own, settings.per_path, given.only)
    locator = Locator(gathered.stock, gathered.mapped)
    builds = mesh.context.builds
    if builds is not None:
        from meshlint.patched import firm

        results = firm(results, builds, lambda spot: gathered.stock.path(spot.source), settings.selection.rules)
    standing = wanted.of(settle(results, settings.selection.rules))
    if settings.suppressions and any(mapped.is_marked for mapped in gathered.mapped):
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
        summary=_summary(given, notes, gathered, found, mesh),
        rules=lambda: [_rule_info(meta, settings) for meta in settings.selection.rules.values()],
        version=__version__,
        files=sorted(gathered.files),
        lines=lines_of(gathered.stock, gathered.mapped),
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
    gathered, settings, notes = _gather(given, settings, progress)
    mesh = Mesh(gathered.entries, _context(given, settings, gathered))
    locator = Locator(gathered.stock, gathered.mapped)
    results = [result for mapped in gathered.mapped for result in mapped.results]
    found = report_all(results, {**settings.selection.rules, CRASHED.code: CRASHED}, locator)
    return Survey(mesh, locator, found, _summary(given, notes, gathered, found, mesh))


def _gather(
    given: Input, settings: Settings, progress: Callable[[int], None]
) -> tuple[_Gathered, Settings, tuple[str, ...]]:
    """Read and judge every source alone; the settings with the release that the input installs, and notes on that."""
    stock = Stock()
    stock.take(given.sources)
    own = len(stock)
    stock.take(given.context)
    notes: tuple[str, ...] = ()
    if settings.detect_version and settings.target.istio == Target().istio:
        detected = detect(stock)
        notes = detected.notes
        if detected.release is not None:
            target = msgspec.structs.replace(settings.target, istio=detected.release)
            settings = msgspec.structs.replace(settings, target=target)
    fragments = frozenset(number for number in range(len(stock)) if given.is_fragment(stock.path(number)))
    task = Task(
        stock,
        settings.selection,
        settings.options,
        settings.target,
        settings.schemas,
        fragments,
        settings.strict_yaml,
    )
    store = store_of(task, settings.means)
    mapped = map_all(task, settings.means.jobs, store, progress)
    return _Gathered(stock, own, mapped, store), settings, notes


def _context(given: Input, settings: Settings, gathered: _Gathered) -> Context:
    templates = {
        gathered.stock.path(number).rpartition("/")[0]
        for number, mapped in enumerate(gathered.mapped)
        if mapped.is_template or mapped.is_part_lost
    }
    return Context(
        scope=settings.scope,
        namespace=settings.namespace,
        external=settings.external,
        builds=_placed(given.builds, gathered),
        template_folders=tuple(sorted({*templates, *given.charts})),
        mesh_config=settings.mesh_config,
    )


def _placed(builds: Builds | None, gathered: _Gathered) -> Builds | None:
    """What kustomizations do, and what Argo CD and Flux do after them where the input holds their resources."""
    contents = [
        (entry.origin.path, entry.resource.content)
        for mapped in gathered.mapped
        for entry in mapped.entries
        if entry.resource.kind in PLACING_KINDS and isinstance(entry.resource, Generic)
    ]
    if not contents:
        return builds
    from meshlint.sources.deployments import Deployments, deployments

    found = list(deployments(contents, map(gathered.stock.path, range(len(gathered.stock)))))
    return Deployments(builds, found) if found else builds


def _reduced(mesh: Mesh, rules: RuleSet, jobs: int | None, store: "Store | None") -> list[Result]:
    """What the reduce step finds, or has found in an earlier run of the very same mesh."""
    kept = store.reduced(mesh.context) if store else None
    if kept is not None:
        mesh.unknown.update(kept.unknown)
        return kept.results
    results = reduce(mesh, rules, jobs)
    if store:
        store.keep(mesh.context, results, mesh.unknown)
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
        [locator.text(number) if mapped.is_marked else "" for number, mapped in enumerate(gathered.mapped)],
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


def _summary(given: Input, notes: Sequence[str], gathered: _Gathered, found: Sequence[Reported], mesh: Mesh) -> Summary:
    counting = Counter(item.severity for item in found if item.suppressed is None)
    skipped = Counter(given.skipped)
    notes = [*given.notes, *notes]
    for mapped in gathered.mapped:
        if mapped.skipped:
            skipped.update(mapped.skipped)
        notes += mapped.notes
    return Summary(
        files=len(gathered.files),
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
