"""`exportTo`: which namespaces see a resource."""

from collections.abc import Iterator, Sequence

from meshlint.values.hosts import label

_EVERYONE, _OWN, _NOBODY = "*", ".", "~"


def bad_exports(entries: Sequence[str], namespace: str, *, nobody: bool = False) -> Iterator[tuple[int, str]]:
    """Index and reason of each entry that istiod refuses (`validateExportTo`).

    `namespace` is the resource's own; `nobody` allows `~`, as a ServiceEntry does.
    """
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        key = namespace if entry == _OWN else entry
        if key in seen:
            yield (
                index,
                "it is there twice" if key == entry else f"`.` is the namespace `{namespace}`, which is there too",
            )
        elif entry == _NOBODY and not nobody:
            yield index, "only a ServiceEntry may be exported to nobody (`~`)"
        elif key not in {_EVERYONE, _NOBODY} and label(key):
            yield index, "an entry is a namespace, `.` for the own or `*` for all"
        else:
            seen[key] = index
    for key, meant in ((_EVERYONE, "all namespaces"), (_NOBODY, "no namespace")):
        if key in seen and len(entries) > 1:
            yield seen[key], f"`{key}` means {meant}, so no other entry may stand beside it"


def beyond_selector(entries: Sequence[str], namespace: str) -> str | None:
    """Why a DestinationRule with a `workloadSelector` must not have this `exportTo`: it reaches its own namespace only.

    Since Istio 1.14 (`validateExportTo`).
    """
    keys = {namespace if entry == _OWN else entry for entry in entries}
    if not keys or keys == {namespace}:
        return None
    return f"with `workloadSelector` the rule reaches workloads of namespace `{namespace}` only"
