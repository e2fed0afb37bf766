"""The file of `--mesh-config`: mesh config as it is, or out of the resource or the Helm values that hold it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.config.flaws import ConfigError, Flaw
from meshlint.findings import Path, Region, Spot
from meshlint.problems import NoMapping, SyntaxProblem, WrongValue
from meshlint.reading import Document
from meshlint.schemas.words import shown
from meshlint.sources import Source

if TYPE_CHECKING:
    from meshlint.derive import Derived

_OPTION = ("mesh-config",)


def mesh_config_of(path: str) -> Mapping[str, object]:
    """The one mesh config of a file, as plain data that converts. ConfigError says at which line it cannot be used."""
    from meshlint.sources import File, Skipped, Unreadable, load

    loaded = load(File(path, path, named=True))
    if isinstance(loaded, Unreadable | Skipped):
        raise ConfigError(Flaw(f"cannot read {path}: {loaded.reason}", path=_OPTION))
    found = [config for source in loaded for config in _mesh_configs(source)]
    if len(found) == 1:
        return found[0]
    raise ConfigError(
        Flaw(
            f"{path} holds {'no' if not found else 'more than one'} mesh config",
            "give a file with the fields of MeshConfig, or one that holds them: the ConfigMap `istio`, an IstioOperator, values",
            _OPTION,
        )
    )


def _mesh_configs(source: Source) -> Iterator[Mapping[str, object]]:
    from meshlint.carriers import carries
    from meshlint.derive import derived, derived_of_file
    from meshlint.reading import read

    reading = read(source.text)
    for problem in reading.problems:
        if isinstance(problem, SyntaxProblem):
            raise ConfigError(_flaw(source, problem.spot.region, f"this is no YAML: {problem.message}", problem.help))
    for document in reading.documents:
        data = document.data
        if isinstance(data, dict) and isinstance(data.get("kind"), str) and "apiVersion" in data:
            _check_texts(source, document)
            yield from _of_parts(source, document, derived(data) if carries(data) else ())
        elif isinstance(data, dict) and "meshConfig" in data:
            yield from _of_parts(source, document, derived_of_file(data))
        elif isinstance(data, dict):
            yield _checked(source, document, data, (), None)


def _of_parts(source: Source, document: Document, parts: "Iterable[Derived]") -> Iterator[Mapping[str, object]]:
    for found in parts:
        if found.part.key == "mesh":
            yield _checked(source, document, found.part.content, found.part.base, found.part.inner)


def _check_texts(source: Source, document: Document) -> None:
    """Refuse a ConfigMap with mesh config that is no mapping in YAML."""
    from meshlint.derive import refused
    from meshlint.reading.nested import nested

    for path, problem in refused(document.data):
        held = nested(source.text, document, path)
        if isinstance(problem, SyntaxProblem):
            region = held.outer(problem.spot.region) if held and problem.spot.region else None
            raise ConfigError(_flaw(source, region, f"this is no YAML: {problem.message}", problem.help))
        if isinstance(problem, NoMapping) and problem.kind == "MeshConfig":
            advice = "write fields of MeshConfig, such as `accessLogFile: /dev/stdout`"
            raise ConfigError(_flaw(source, held.key if held else None, "this is no mapping", advice))


def _checked(
    source: Source, document: Document, data: dict[str, Any], base: Path, inside: Path | None
) -> Mapping[str, object]:
    """A mesh config that can be used: a value of a wrong type would silently count for nothing.

    Numbers in quotes, which istiod reads too, come out as numbers.
    """
    from meshlint.locate import region_of
    from meshlint.model.base import UNCONVERTIBLE
    from meshlint.model.mesh_config.mesh_config import MeshConfigSpec
    from meshlint.model.refusal import wrong_settings

    flaws = []
    for problem in wrong_settings("MeshConfig", data):
        inner = problem.spot.path
        spot = Spot(0, 0, base + inner) if inside is None else Spot(0, 0, base, inner=inside + inner)
        flaws.append(_flaw(source, region_of(source.text, document, spot), _words(problem), _help(problem)))
    if flaws:
        raise ConfigError(*flaws)
    try:
        msgspec.convert(data, MeshConfigSpec)
    except UNCONVERTIBLE:
        try:
            lax: Mapping[str, object] = msgspec.to_builtins(msgspec.convert(data, MeshConfigSpec, strict=False))
        except UNCONVERTIBLE as error:
            raise ConfigError(Flaw(f"{source.path} is no mesh config: {error}", path=_OPTION)) from error
        return lax
    return data


def _words(problem: WrongValue) -> str:
    return f"`{problem.field}` must be {problem.expected}, not `{shown(problem.value)}`"


def _help(problem: WrongValue) -> str:
    return problem.help or f"write {problem.expected}"


def _flaw(source: Source, region: Region | None, message: str, advice: str | None) -> Flaw:
    """What is wrong at a place of the file."""
    outer = source.outer(region) if region else None
    place = f"{source.path}:{outer.line}:{outer.column}" if outer else source.path
    return Flaw(f"{place}: {message}", advice, _OPTION)
