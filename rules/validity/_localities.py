"""Localities in load balancing, here and in mesh config: reference rows loc-*, zone-*."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from meshlint.model.networking.traffic_policy import (
    LocalityDistribute,
    LocalityFailover,
    LocalityLoadBalancerSetting,
    ZoneAwareLoadBalancerSetting,
)

from ._frame import Faults, fault

_TOPOLOGY = frozenset({"topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"})
_LOCALITY_HELP = "write `region`, `region/zone` or `region/zone/subzone`; only the last part may be `*`"


def locality_setting(given: LocalityLoadBalancerSetting) -> Faults:
    """All rows of `localityLbSetting`. Where `distribute` and `failover` clash, istiod looks no further."""
    for clash in (loc_distribute_failover, loc_failover_priority_topology):
        faults = list(clash(given))
        yield from faults
        if faults:
            return
    for distribute in given.distribute or ():
        faults = [*loc_weight(distribute), *loc_total(distribute)][:1]
        yield from faults
        if faults:
            return
        yield from loc_to(distribute)
    yield from loc_from(given.distribute or ())
    for failover in given.failover or ():
        yield from failover_regions(failover)


def loc_distribute_failover(given: LocalityLoadBalancerSetting) -> Faults:
    """Shares and failover at once."""
    if given.distribute and given.failover:
        yield fault(
            given,
            "failover",
            what="`distribute` and `failover` together",
            why="one shares traffic between localities, the other keeps it in one",
            help="keep one of them",
        )


def loc_failover_priority_topology(given: LocalityLoadBalancerSetting) -> Faults:
    """A label of the topology beside `failover`, since 1.20."""
    if given.failover:
        yield from _topology_labels(given, given.failover_priority, "`failover` says how regions follow each other")


def loc_weight(given: LocalityDistribute) -> Faults:
    """A share of 0 or of more than 100."""
    for locality, weight in (given.to or {}).items():
        if not 1 <= weight <= 100:
            yield fault(
                given,
                "to",
                locality,
                what=f"weight {weight} of locality `{locality}`",
                why="it is not from 1 to 100",
                help="write 1 to 100, or leave the locality out",
            )


def loc_total(given: LocalityDistribute) -> Faults:
    """Shares that do not add to 100."""
    total = sum((given.to or {}).values())
    if total != 100:
        yield fault(
            given,
            "to",
            what=f"weights that add to {total}",
            why="they have to add to 100",
            help="write percentages that add to 100",
        )


def loc_to(given: LocalityDistribute) -> Faults:
    """Rows loc-wildcard, loc-empty-part, loc-overlap for the targets.

    istiod walks them in random order, so only what it refuses in any order counts: the narrow ones
    are taken first.
    """
    names = sorted(given.to or {}, key=lambda name: (-name.count("/"), name.endswith("*")))
    for index, reason in bad_localities(names):
        yield fault(given, "to", names[index], what=f"locality `{names[index]}`", why=reason, help=_LOCALITY_HELP)


def loc_from(given: Sequence[LocalityDistribute]) -> Faults:
    """Rows loc-wildcard, loc-empty-part, loc-overlap for the sources of all entries together."""
    for index, reason in bad_localities([entry.from_ or "" for entry in given]):
        yield fault(
            given[index], "from_", what=f"locality `{given[index].from_ or ''}`", why=reason, help=_LOCALITY_HELP
        )


def failover_regions(given: LocalityFailover) -> Faults:
    """Rows loc-failover-same, -region, -star and zone-failover-same, -region, -star."""
    if (given.from_ or "") == (given.to or ""):
        yield fault(
            given,
            "to",
            what=f"failover from `{given.from_ or ''}` to itself",
            why="it leads nowhere",
            help="name another region",
        )
    for attribute, region in (("from_", given.from_ or ""), ("to", given.to or "")):
        if "/" in region or "*" in region:
            yield fault(
                given,
                attribute,
                what=f"failover region `{region}`",
                why="it is a zone" if "/" in region else "it has a wildcard",
                help="write a region, such as `us-east1`",
            )


def zone_setting(given: ZoneAwareLoadBalancerSetting) -> Faults:
    """Rows zone-priority-topology, zone-failover-*; since 1.31."""
    yield from _topology_labels(given, given.failover_priority, "Envoy looks after regions and zones itself")
    for failover in given.failover or ():
        yield from failover_regions(failover)


def _topology_labels(
    given: LocalityLoadBalancerSetting | ZoneAwareLoadBalancerSetting, priorities: Sequence[str] | None, why: str
) -> Faults:
    for index, label in enumerate(priorities or ()):
        if label in _TOPOLOGY:
            yield fault(
                given,
                "failover_priority",
                index,
                what=f"`{label}` in `failoverPriority`",
                why=why,
                help="remove the label",
            )
            return


def bad_localities(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The first that is no locality, or that an earlier one overlaps with: index and reason (`validateLocalities`)."""
    regions: dict[str, dict[str, set[str]]] = {}
    for index, name in enumerate(names):
        parts = name.split("/", 2)
        if name.count("*") > 1 or ("*" in name and not name.endswith("*")):
            yield index, "`*` may only stand once, at its end"
        elif "*" in regions:
            yield index, "`*` before it covers all"
        elif "" in parts:
            yield index, "it has an empty part"
        elif _overlaps(regions, parts):
            yield index, "it overlaps with one before it"
        else:
            _add(regions, parts)
            continue
        return


def _overlaps(regions: Mapping[str, Mapping[str, set[str]]], parts: Sequence[str]) -> bool:
    region, *rest = parts
    zones = regions.get(region)
    if zones is None:
        return False
    if not rest or "*" in zones:
        return True
    subzones = zones.get(rest[0])
    if subzones is None:
        return False
    return len(rest) == 1 or "*" in subzones or rest[1] in subzones


def _add(regions: dict[str, dict[str, set[str]]], parts: Sequence[str]) -> None:
    region, zone, subzone = (*parts, "*", "*")[:3]
    regions.setdefault(region, {}).setdefault(zone, set()).add(subzone)
