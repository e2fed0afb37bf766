"""What a patch of a kustomization applies to: kind, name and namespace as anchored expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from meshlint.sources import gitignore

_PLAIN = re.compile(r"[\w.:-]*(?<!\.)\Z", re.ASCII)
_SIMPLE = re.compile(r"(?:[\w:-]|\.\*|\.|\|)*\Z", re.ASCII)


class Selector(msgspec.Struct, frozen=True):
    """Expressions for kind, namespace and name; empty ones match anything (`api/types/selector.go`).

    `partial` selectors also look at what is not known here (labels, annotations), so a match
    means *maybe*.
    """

    kind: str = ""
    namespace: str = ""
    name: str = ""
    partial: bool = False

    @classmethod
    def of(cls, target: Mapping[str, Any]) -> Selector:
        """Read the `target` of a patch."""
        kind, namespace, name = (
            value if isinstance(value := target.get(key), str) else "" for key in ("kind", "namespace", "name")
        )
        unknown = any(target.get(key) for key in ("labelSelector", "annotationSelector", "group", "version"))
        simple = all(_SIMPLE.match(text) for text in (kind, namespace, name))
        return cls(kind, namespace, name, partial=unknown or not simple)

    def matches(self, kind: str, identities: Iterable[tuple[str | None, str]]) -> bool:
        """Whether it may select a resource of any of these identities: kustomize tries former ones too."""
        return _matches(self.kind, kind) and any(
            _matches(self.name, name) and _matches(self.namespace, namespace or "default")
            for namespace, name in identities
        )


def _matches(expression: str, value: str) -> bool:
    """Match an anchored expression; one beyond letters, `.*`, `.` and `|` counts as a match.

    Such expressions are evaluated as file patterns, which never backtrack.
    """
    if not expression or expression == value:
        return True
    if _PLAIN.match(expression) and "." not in expression:
        return False
    if not _SIMPLE.match(expression):
        return True
    globs = expression.replace(".*", "*").replace(".", "?").split("|")
    return any(gitignore.segment(glob).match(value) for glob in globs)
