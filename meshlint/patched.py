"""What stands on fields that a kustomize patch changes is not claimed.

The file of a patched resource is not the last word: an overlay may give a Service another port, a
Deployment another account, a VirtualService its routes. A finding about such a resource, or one that
has it for evidence, may be wrong for every build. It stands where none of the fields that the patches
change can matter to it; which those are is known for some kinds, and in doubt they matter.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from meshlint.findings import Identity, Path, Result, Spot
from meshlint.mesh.context import Builds
from meshlint.registry import Meta

_PROBLEMS = "meshlint.problems."
_OF_A_WHOLE = frozenset({"meshlint.problems.MissingField", "meshlint.problems.BrokenConstraint"})
"""Problems that what is added or removed beside or below their place can mend."""

Field = tuple[str, ...]


def firm(
    results: Iterable[Result], builds: Builds, path: Callable[[Spot], str], rules: Mapping[str, Meta]
) -> list[Result]:
    """The results that no patch of a build can make void.

    `path` gives the file of a spot, as reported.
    """

    @cache
    def changed(file: str, resource: Identity) -> Collection[Field]:
        return builds.patched(file, resource.namespace, resource.name, resource.kind)

    def stands(result: Result) -> bool:
        meta = rules.get(result.rule)
        ends = [(result.spot, result.resource, result.prefix)]
        ends += [(end.spot, end.resource, end.prefix) for end in result.related]
        for spot, resource, prefix in ends:
            if resource is not None and spot.source >= 0:
                fields = changed(path(spot), resource)
                if fields and not _stands_beside(fields, resource.kind, spot.path[prefix:], meta):
                    return False
        return True

    return [result for result in results if stands(result)]


def _stands_beside(fields: Collection[Field], kind: str, place: Path, meta: Meta | None) -> bool:
    """Whether what a rule says of a place of a resource is true whatever becomes of these fields."""
    if meta is None:
        return True
    if all(name.startswith(_PROBLEMS) for name in meta.subjects):
        return not any(_mends(field, place, meta) for field in fields)
    from meshlint.mesh.patches import is_apart, is_idle, overlap

    whole = len(place) < 2 or place[:2] == ("metadata", "name")
    for field in fields:
        if not whole and overlap(field, place):
            return False
        if not is_idle(kind, field) and (whole or not is_apart(kind, field, place, of_mesh=meta.mesh)):
            return False
    return True


def _mends(field: Field, place: Path, meta: Meta) -> bool:
    """Whether a change of the field can do away with a problem of text or schema at the place.

    Of a patch that could not be read this is guessed: no patch makes a field legal.
    """
    from meshlint.mesh.patches import overlap

    of_a_whole = not _OF_A_WHOLE.isdisjoint(meta.subjects)
    return overlap(field, place) and (of_a_whole or 0 < len(field) <= len(place))
