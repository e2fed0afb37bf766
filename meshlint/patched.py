"""What stands on resources that a kustomize patch changes is not claimed.

The file of a patched resource is not the last word: an overlay may give a Service another port, a
Deployment another account, a VirtualService its routes. A finding about such a resource, or one that
has it for evidence, may be wrong for every build. Problems of text and schema stay (a patch makes no
field legal), but for fields that are missing.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from meshlint.findings import Identity, Result, Spot
from meshlint.mesh.context import Builds
from meshlint.registry import Meta

_PROBLEMS = "meshlint.problems."
_MISSING = "meshlint.problems.MissingField"


def firm(
    results: Iterable[Result], builds: Builds | None, path: Callable[[Spot], str], rules: Mapping[str, Meta]
) -> list[Result]:
    """The results that no patch of a build can make void; all of them where there are no builds.

    `path` gives the file of a spot, as reported.
    """
    if builds is None:
        return list(results)

    @cache
    def is_patched(file: str, resource: Identity) -> bool:
        return builds.patched(file, resource.namespace, resource.name, resource.kind)

    def stands_on_patched(spot: Spot, resource: Identity | None) -> bool:
        return resource is not None and spot.source >= 0 and is_patched(path(spot), resource)

    return [
        result
        for result in results
        if _is_of_text(rules.get(result.rule))
        or not (
            stands_on_patched(result.spot, result.resource)
            or any(stands_on_patched(end.spot, end.resource) for end in result.related)
        )
    ]


def _is_of_text(meta: Meta | None) -> bool:
    """Whether a rule speaks of what is written, not of what it makes the mesh do."""
    return meta is None or all(name.startswith(_PROBLEMS) and name != _MISSING for name in meta.subjects)
