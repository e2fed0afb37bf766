"""Kinds of which something has to be said: without `spec`, istiod misses what it needs first."""

from ._frame import Faults, fault


def without_spec(kind: str, needed: str) -> Faults:
    """A resource without `spec`, where the schema of the release does not refuse that already."""
    yield fault(
        None,
        "spec",
        what=f"a {kind} without `spec`",
        why=f"it needs `{needed}` at least",
        help=f"write `spec` with `{needed}`",
    )
