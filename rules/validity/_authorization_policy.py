"""What istiod refuses in an AuthorizationPolicy: reference rows ap-*, in the order of the object.

From `ValidateAuthorizationPolicy` of `pkg/config/validation`. Sources are in `_authorization_source.py`,
conditions in `_authorization_condition.py`.
"""

from itertools import compress
from operator import attrgetter

from meshlint.api import Target
from meshlint.model.security.authorization_policy import AuthorizationPolicySpec, From, Operation, Rule, To
from meshlint.values.numbers import port_text
from meshlint.values.path_templates import path, path_before_1_25

from ._authorization_condition import ap_custom_when, condition
from ._authorization_source import ap_custom_source, ap_empty_value, source
from ._frame import Faults, fault, since
from ._selection import selection

_LISTS = Operation.__struct_fields__
_values_of = attrgetter(*_LISTS)
_EMPTY_RULE = "write `rules: [{}]` for every request"


def authorization_policy(spec: AuthorizationPolicySpec, target: Target) -> Faults:
    """Every row."""
    yield from selection(spec, target)
    action = spec.action or "ALLOW"
    if not spec.rules:
        yield from ap_no_rules(spec, action)
    elif action == "CUSTOM":
        yield from ap_custom_provider(spec)
    if spec.provider is not None and action != "CUSTOM":
        yield from ap_provider_action(spec, action)
    for rule in spec.rules or ():
        if action == "CUSTOM":
            yield from _custom(rule, target)
        for callers in rule.from_ or ():
            yield from ap_source_null(callers) if callers.source is None else source(callers.source, target)
        for calls in rule.to or ():
            yield from ap_op_null(calls) if calls.operation is None else operation(calls.operation, target)
        for when in rule.when or ():
            yield from condition(when, target)


def ap_no_rules(spec: AuthorizationPolicySpec, action: str) -> Faults:
    """Rows ap-custom-no-rules, ap-deny-no-rules: they would never do anything; ALLOW without rules denies all."""
    if action in {"CUSTOM", "DENY"}:
        yield fault(
            spec,
            "rules" if spec.rules is not None else "action",
            what=f"action {action} without `rules`",
            why="no request would ever match",
            help=_EMPTY_RULE,
        )


def ap_custom_provider(spec: AuthorizationPolicySpec) -> Faults:
    """CUSTOM names the provider that decides."""
    if spec.provider is None or not spec.provider.name:
        yield fault(
            spec,
            *(("provider", "name") if spec.provider is not None else ("provider",)),
            what="action CUSTOM without the name of a provider",
            why="nobody is named that decides",
            help="write `provider: {name: ...}` with a name of `extensionProviders` of the mesh config",
        )


def ap_provider_action(spec: AuthorizationPolicySpec, action: str) -> Faults:
    """Only CUSTOM has a provider."""
    yield fault(
        spec,
        "provider",
        what=f"`provider` with action {action}",
        why="only CUSTOM asks a provider",
        help="write `action: CUSTOM`, or remove `provider`",
    )


def _custom(rule: Rule, target: Target) -> Faults:
    for callers in rule.sources():
        yield from ap_custom_source(callers, target)
    for when in rule.when or ():
        yield from ap_custom_when(when, target)


def ap_source_null(entry: From) -> Faults:
    """An entry of `from` without `source`."""
    yield fault(
        entry,
        what="an entry of `from` without `source`",
        why="it names no callers",
        help="write `source: {...}`, or leave `from` out for any caller",
    )


def ap_op_null(entry: To) -> Faults:
    """An entry of `to` without `operation`."""
    yield fault(
        entry,
        what="an entry of `to` without `operation`",
        why="it names no calls",
        help="write `operation: {...}`, or leave `to` out for any call",
    )


def operation(given: Operation, target: Target) -> Faults:
    """The fields of an operation."""
    written = list(compress(_LISTS, _values_of(given)))
    if not written:
        yield from ap_op_empty(given)
    if given.ports or given.not_ports:
        yield from ap_port(given)
    for attribute in written:
        if "" in getattr(given, attribute) and not attribute.endswith("ports"):  # an empty port is no port
            yield from ap_empty_value(given, attribute)
    paths = (*(given.paths or ()), *(given.not_paths or ()))
    if any(map(path, paths)) and since(target, "1.22"):  # what 1.25 lets through, all releases do
        yield from ap_path_template(given, target)


def ap_op_empty(given: Operation) -> Faults:
    """An operation that says nothing."""
    yield fault(
        given,
        what="an empty `operation`",
        why="it has to say something",
        help="add `ports`, `methods`, `paths` or `hosts`, or leave `to` out for any call",
    )


def ap_port(given: Operation) -> Faults:
    """0 to 65535, in digits."""
    for attribute in ("ports", "not_ports"):
        for index, port in enumerate(getattr(given, attribute) or ()):
            reason = port_text(port)
            if reason:
                yield fault(
                    given,
                    attribute,
                    index,
                    what=f"port `{port}`",
                    why=reason,
                    help='write the port of the workload, such as `"8080"`',
                )


def ap_path_template(given: Operation, target: Target) -> Faults:
    """Rows ap-path-template-brace, -order, -literal; since 1.22, and 1.25 for the last."""
    check = path if since(target, "1.25") else path_before_1_25
    for attribute in ("paths", "not_paths"):
        for index, text in enumerate(getattr(given, attribute) or ()):
            reason = check(text)
            if reason:
                yield fault(
                    given,
                    attribute,
                    index,
                    what=f"path `{text}`",
                    why=reason,
                    help="write an exact path, `prefix*`, `*suffix`, or a template such as `/orders/{*}/items/{**}`",
                )
