"""What the API server does to an object before it checks it: defaults, and nulls pruned.

A null of a field that is not nullable counts as absent in an object, or as its default; in a list
it stays and is refused (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting).
"""

from typing import Any

from meshlint.schemas.pool import Pool, Ref, child


def prepare(pool: Pool, ref: Ref, value: Any) -> Any:
    """The value with defaults and without pruned nulls; the input stays as it is, equal parts are shared."""
    if type(value) is dict:
        return _prepare_object(pool, ref, value)
    if type(value) is list and (items := pool.node(ref).get("items")) is not None:
        prepared = [prepare(pool, items, _default(pool, items) if item is None else item) for item in value]
        return prepared if any(new is not old for new, old in zip(prepared, value, strict=True)) else value
    return value


def _prepare_object(pool: Pool, ref: Ref, value: dict[str, Any]) -> dict[str, Any]:
    node = pool.node(ref)
    changed: dict[str, Any] | None = None
    for key, item in value.items():
        schema = child(pool, ref, key)
        if schema is None:
            continue
        if item is None:
            if pool.node(schema).get("nullable"):
                continue
            new = prepare(pool, schema, _default(pool, schema))
        elif type(item) is dict or type(item) is list:
            new = prepare(pool, schema, item)
        else:
            continue
        if new is not item or item is None:
            changed = dict(value) if changed is None else changed
            if new is None:
                del changed[key]
            else:
                changed[key] = new
    properties = node.get("properties")
    if properties:
        for name, schema in properties.items():
            if name not in value and (default := _default(pool, schema)) is not None:
                changed = dict(value) if changed is None else changed
                changed[name] = prepare(pool, schema, default)
    return value if changed is None else changed


def _default(pool: Pool, ref: Ref) -> Any:
    return pool.node(ref).get("default")
