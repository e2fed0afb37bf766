"""The rules of one run, ready to be called: imported when a subject of theirs first occurs."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import FunctionType
from typing import Any

import msgspec

from meshlint.findings import Finding, Severity
from meshlint.registry import Meta, Options, Rule, dotted, load
from meshlint.selection import Selection

Check = Callable[[Any], Iterable[Finding]]


class Bound(msgspec.Struct, frozen=True, eq=False):
    """A rule with everything but its subject given."""

    meta: Meta
    severity: Severity
    check: Check


class OptionsError(Exception):
    """Options of a rule that are none: names the rule and what is wrong."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"options of {code}: {message}")
        self.code = code


class RuleSet:
    """Selected rules by subject; `given` holds the further arguments by type (Target, Mesh)."""

    def __init__(
        self, selection: Selection, options: Mapping[str, Mapping[str, Any]], given: Mapping[type, object]
    ) -> None:
        self.selection = selection
        self._options = options
        self._given = dict(given)
        self._loaded: dict[str, Rule] = {}
        self._local: dict[type, tuple[Bound, ...]] = {}
        self._over_mesh: dict[type, tuple[Bound, ...]] = {}

    @cached_property
    def _by_subject(self) -> dict[str, list[Meta]]:
        found: dict[str, list[Meta]] = {}
        for meta in self.selection.rules.values():
            for subject in meta.subjects:
                found.setdefault(subject, []).append(meta)
        return found

    def local(self, subject: type) -> tuple[Bound, ...]:
        """The rules that judge a subject of this class alone."""
        bound = self._local.get(subject)
        if bound is None:
            bound = self._local[subject] = self._rules(subject, mesh=False)
        return bound

    def over_mesh(self, subject: type) -> tuple[Bound, ...]:
        """The rules that judge a subject of this class within the mesh; needs `with_mesh`."""
        bound = self._over_mesh.get(subject)
        if bound is None:
            bound = self._over_mesh[subject] = self._rules(subject, mesh=True)
        return bound

    def with_mesh(self, mesh: object) -> "RuleSet":
        """The same rules, for the reduce step."""
        return RuleSet(self.selection, self._options, {**self._given, type(mesh): mesh})

    def _rules(self, subject: type, *, mesh: bool) -> tuple[Bound, ...]:
        classes = [dotted(base) for base in subject.__mro__]
        metas = [meta for name in classes for meta in self._by_subject.get(name, ()) if meta.mesh is mesh]
        return tuple(self._bind(meta) for meta in sorted(metas, key=lambda meta: meta.code))

    def _bind(self, meta: Meta) -> Bound:
        rule = self._loaded.get(meta.code)
        if rule is None:
            rule = self._loaded[meta.code] = load(meta.module)
        severity = self.selection.severities.get(meta.code, meta.severity)
        extra = tuple(self._argument(meta, parameter) for parameter in rule.parameters)
        return Bound(meta, severity, _with_given(rule.check, extra) if extra else rule.check)

    def _argument(self, meta: Meta, parameter: type) -> object:
        if issubclass(parameter, Options):
            try:
                return msgspec.convert(dict(self._options.get(meta.code, {})), parameter)
            except msgspec.ValidationError as error:
                raise OptionsError(meta.code, str(error)) from error
        return self._given[parameter]


def _with_given(check: Callable[..., Iterable[Finding]], extra: tuple[object, ...]) -> Check:
    """A rule's function with all but the subject given.

    What is given becomes the defaults of a copy, so that a call of it is one call, not one in another: a run makes
    nearly a hundred thousand of them for ten thousand resources.
    """
    if isinstance(check, FunctionType) and check.__code__.co_argcount == 1 + len(extra):
        return FunctionType(check.__code__, check.__globals__, check.__name__, extra, check.__closure__)
    return lambda subject: check(subject, *extra)
