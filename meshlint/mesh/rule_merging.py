"""How istiod merges the DestinationRules of one host and one namespace, and which of the results holds for a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.visibility import written_exports

if TYPE_CHECKING:
    from meshlint.model.networking.destination_rule import DestinationRule

Labels = Mapping[str, str]


class MergedRules(msgspec.Struct, frozen=True, eq=False):
    """Rules of one host, one namespace, one `exportTo` and one selector."""

    exports: frozenset[str]
    selector: Labels | None
    rules: list[DestinationRule]


def merge_order(rule: DestinationRule) -> tuple[bool, str, str, str]:
    """`sortConfigBySelectorAndCreationTime`: with selector first, then the older; without times by name."""
    has_selector = rule.spec is not None and rule.spec.workload_selector is not None
    created = rule.metadata.creation_timestamp or "" if rule.metadata else ""
    return not has_selector, created, rule.name, rule.namespace or ""


def _selector(rule: DestinationRule) -> Labels | None:
    selector = rule.spec.workload_selector if rule.spec else None
    return selector.wanted if selector is not None else None


def merge(rules: Sequence[DestinationRule]) -> list[MergedRules]:
    """`mergeDestinationRule`, with the merging by `exportTo` that is on by default since Istio 1.19."""
    if len(rules) == 1:
        return [MergedRules(written_exports(rules[0]), _selector(rules[0]), [rules[0]])]
    merged: list[MergedRules] = []
    for rule in rules:
        exports, selector = written_exports(rule), _selector(rule)
        apart = True
        for group in merged:
            apart = exports != group.exports
            if apart and not (group.exports and exports >= group.exports):
                continue
            both_select = selector is not None and group.selector is not None
            if both_select and selector != group.selector:
                apart = True
                continue
            if both_select or selector is group.selector is None:
                apart = False
            group.rules.append(rule)
        if apart:
            merged.append(MergedRules(exports, selector, [rule]))
    return merged


def choose(groups: Sequence[MergedRules], is_own: bool, labels: Labels | None) -> tuple[MergedRules | None, bool]:
    """The group for a client (`SidecarScope.DestinationRule` in `pilot/pkg/model/sidecar.go`), and whether it is sure."""
    general: MergedRules | None = None
    certain = True
    for group in groups:
        if group.selector is None:
            general = group
        elif is_own and labels is None:
            certain = False
        elif is_own and labels is not None and group.selector.items() <= labels.items():
            return group, True
    return general, certain
