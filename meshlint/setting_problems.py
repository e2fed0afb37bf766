"""What there is to say of the settings of mesh and proxies apart from rules of their kinds.

They are text to the API server, or the input of a tool, so no schema judges them: what does not decode,
what istiod does not know, what is deprecated. Imported where a document carries settings.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.derive import Derived, pod_settings
from meshlint.findings import Path, Spot
from meshlint.model.base import Opaque
from meshlint.model.refusal import wrong_settings
from meshlint.model.unknown_settings import unknown_settings
from meshlint.problems import Problem, SchemaProblem
from meshlint.schemas import Catalog
from meshlint.schemas.words import dotted

_PROXY = "defaultConfig"
"""Where mesh config has the settings that pods bring for themselves."""


def mesh_setting_problems(found: Derived, data: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    """All problems of mesh config or mesh networks; spots are relative to what the document has of it."""
    kind, hidden = found.resource.kind, found.part.hidden
    if isinstance(found.resource, Opaque):
        yield from (_below(problem, hidden) for problem in wrong_settings(kind, found.message))
    deprecated = catalog.deprecated_settings(data, found.part.content) if kind == "MeshConfig" else []
    yield from deprecated
    said = {problem.spot.path for problem in deprecated}  # a field may be gone, and deprecated in the records
    for unknown in unknown_settings(kind, found.message):
        if unknown.spot.path not in said:
            yield _below(unknown, hidden)


def pod_setting_problems(data: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    """What istiod ignores, and what is deprecated, in the annotation `proxy.istio.io/config` of pods.

    Spots have the path of the annotation in the document, and that inside of its text.
    """
    found = pod_settings(data)
    if found is None:
        return
    path, content = found
    deprecated = [_below(problem, (_PROXY,)) for problem in catalog.deprecated_settings(data, {_PROXY: content})]
    said = {problem.spot.path for problem in deprecated}
    unknown = [problem for problem in unknown_settings("ProxyConfig", content) if problem.spot.path not in said]
    for problem in (*deprecated, *unknown):
        spot = Spot(0, 0, path, problem.spot.part, inner=problem.spot.path)
        yield msgspec.structs.replace(problem, spot=spot)


def _below(problem: SchemaProblem, hidden: Path) -> SchemaProblem:
    """The problem with a path that does not have the keys that the text has not."""
    if not hidden:
        return problem
    path = problem.spot.path[len(hidden) :]
    return msgspec.structs.replace(problem, spot=msgspec.structs.replace(problem.spot, path=path), field=dotted(path))
