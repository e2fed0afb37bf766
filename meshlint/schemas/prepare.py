"""What the API server does to an object before it checks it: defaults, and nulls pruned.

A null of a field that is not nullable counts as absent in an object, or as its default; in a list
it stays and is refused (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting). The input
is never changed; what stays equal is shared with it.
"""

from typing import Any

from meshlint.schemas.pool import Pool, Ref, child


def prepare(pool: Pool, ref: Ref, value: Any) -> Any:
    """The value with defaults and without pruned nulls."""
    if type(value) is dict:
        return _prepare_object(pool, ref, value)
    if type(value) is list and (items := pool.node(ref).get("items")) is not None:
        prepared = [prepare(pool, items, _default(pool, items) if item is None else item) for item in value]
        return prepared if any(new is not old for new, old in zip(prepared, value, strict=True)) else value
    return value


def _prepare_object(pool: Pool, ref: Ref, value: dict[str, Any]) -> dict[str, Any]:
    changed = {}
    for name, item in value.items():
        schema = child(pool, ref, name)
        if schema is None or (item is None and pool.node(schema).get("nullable")):
            continue
        new = prepare(pool, schema, _default(pool, schema) if item is None else item)
        if new is not item or item is None:
            changed[name] = new
    for name, schema in pool.node(ref).get("properties", {}).items():
        if name not in value and (default := _default(pool, schema)) is not None:
            changed[name] = prepare(pool, schema, default)
    if not changed:
        return value
    return {name: item for name, item in (value | changed).items() if item is not None or name not in changed}


def _default(pool: Pool, ref: Ref) -> Any:
    return pool.node(ref).get("default")


class Filler:
    """The defaults at and below one node, and nothing else: the quick way for documents without nulls."""

    def __init__(self, pool: Pool, ref: Ref) -> None:
        node = pool.node(ref)
        properties: dict[str, Ref] = node.get("properties", {})
        self.missing: dict[str, Any] = {}
        """Field to the default it gets, with the defaults below that."""
        self.below: dict[str, Filler] = {}
        self.each = _filler(pool, node.get("items") or node.get("additionalProperties"))
        for name, schema in properties.items():
            if (default := _default(pool, schema)) is not None:
                self.missing[name] = prepare(pool, schema, default)
            if (filler := _filler(pool, schema)) is not None:
                self.below[name] = filler

    def fill(self, value: Any) -> Any:
        """The value with its defaults."""
        if type(value) is dict:
            return self._fill_object(value)
        if type(value) is list and self.each is not None:
            fill = self.each.fill
            filled = [fill(item) for item in value]
            return filled if any(new is not old for new, old in zip(filled, value, strict=True)) else value
        return value

    def _fill_object(self, value: dict[str, Any]) -> dict[str, Any]:
        changed: dict[str, Any] | None = None
        for name, item in value.items():
            filler = self.below.get(name, self.each)
            if filler is not None and (new := filler.fill(item)) is not item:
                if changed is None:
                    changed = dict(value)
                changed[name] = new
        for name, default in self.missing.items():
            if name not in value:
                if changed is None:
                    changed = dict(value)
                changed[name] = default
        return value if changed is None else changed


def _filler(pool: Pool, ref: Ref | None) -> Filler | None:
    """A filler where there is anything to fill in."""
    if ref is None:
        return None
    filler = Filler(pool, ref)
    return filler if filler.missing or filler.below or filler.each else None
