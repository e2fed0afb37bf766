"""A DestinationRule as a whole: reference rows dr-*."""

from meshlint.api import DestinationRule, Target
from meshlint.model.networking.destination_rule import DestinationRuleSpec, Subset
from meshlint.values.hosts import label

from ._destination import host_reason
from ._exports import export_to, export_to_beside_selector
from ._frame import Faults, fault, labels, namespace_of, selector, since
from ._traffic_policy import traffic_policy


def destination_rule(given: DestinationRule, target: Target) -> Faults:
    """All rows, in the order of the object."""
    spec = given.spec or DestinationRuleSpec()
    namespace = namespace_of(given)
    if host_reason(spec.host or ""):
        yield from dr_host(given, spec)
    if spec.traffic_policy is not None:
        yield from traffic_policy(spec.traffic_policy, namespace, target)
    names: set[str] = set()
    for subset in spec.subsets or ():
        if subset.name in names and since(target, "1.22"):
            yield from dr_subset_duplicate(subset)
        names.add(subset.name or "")
        if label(subset.name or ""):
            yield from dr_subset_name(subset)
        if subset.labels:
            yield from labels(subset, "labels", subset.labels)
        if subset.traffic_policy is not None:
            yield from traffic_policy(subset.traffic_policy, namespace, target)
    if spec.export_to:
        yield from export_to(spec, spec.export_to, namespace)
    if spec.workload_selector is not None:
        yield from export_to_beside_selector(spec, spec.export_to, namespace)
        yield from selector(spec.workload_selector, "match_labels", spec.workload_selector.match_labels)


def dr_host(given: DestinationRule, spec: DestinationRuleSpec) -> Faults:
    """The host: a name, maybe with a wildcard; addresses are none."""
    reason = host_reason(spec.host or "")
    if reason:
        yield fault(
            given,
            "spec",
            "host",
            what=f"host `{spec.host or ''}`" if spec.host else "a DestinationRule without host",
            why=reason,
            help="write a host such as `reviews.shop.svc.cluster.local`, without port; an address needs a ServiceEntry with a name",
        )


def dr_subset_duplicate(subset: Subset) -> Faults:
    """A name that an earlier subset has; since 1.22."""
    yield fault(
        subset,
        "name",
        what=f"subset `{subset.name or ''}`",
        why="it is there twice",
        help="give each subset a name of its own",
    )


def dr_subset_name(subset: Subset) -> Faults:
    """A label of DNS."""
    reason = label(subset.name or "")
    if reason:
        yield fault(
            subset,
            "name",
            what=f"subset `{subset.name}`" if subset.name else "a subset without name",
            why=reason,
            help="write a name of letters, digits and `-`, such as `v1`",
        )
