"""`exportTo` of VirtualService, DestinationRule and ServiceEntry."""

from collections.abc import Sequence

from meshlint.values.visibility import bad_exports, beyond_selector

from ._frame import Faults, fault


def export_to(spec: object, entries: Sequence[str] | None, namespace: str, *, nobody: bool = False) -> Faults:
    """Rows exportto-duplicate, -dot-and-own-ns, -none, -format, -public-plus, -none-plus."""
    for index, reason in bad_exports(entries, namespace, nobody=nobody) if entries else ():
        yield fault(
            spec,
            "export_to",
            index,
            what=f"`exportTo` entry `{(entries or ())[index]}`",
            why=reason,
            help="list namespaces once each, or write only `.` for the own namespace or `*` for all",
        )


def export_to_beside_selector(spec: object, entries: Sequence[str] | None, namespace: str) -> Faults:
    """Rows exportto-selector-multi, exportto-selector-foreign."""
    reason = beyond_selector(entries, namespace) if entries else None
    if reason:
        yield fault(
            spec,
            "export_to",
            what="this `exportTo`",
            why=reason,
            help="write `exportTo: [.]`, or remove one of the two",
        )
