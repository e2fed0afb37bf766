"""One object for all questions about schemas: is this document valid, and if not, why."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.findings import Path
from meshlint.schemas.gate import Check, Gate, NullFound
from meshlint.schemas.pool import EMPTY, Kind, Pool, Ref, Release, load_pool, load_release
from meshlint.schemas.prepare import Filler, prepare
from meshlint.schemas.versions import Target

if TYPE_CHECKING:
    from meshlint.problems import SchemaProblem
    from meshlint.schemas.user import UserSchema

PROJECTS = {
    "networking.istio.io": "istio",
    "security.istio.io": "istio",
    "telemetry.istio.io": "istio",
    "extensions.istio.io": "istio",
    "gateway.networking.k8s.io": "gateway-api",
    "gateway.networking.x-k8s.io": "gateway-api",
}
"""API group to the project that owns it. The schemas know every kind of these groups."""


class Entry(msgspec.Struct, frozen=True, eq=False):
    """The schema of one kind and version."""

    api_version: str
    kind: str
    pool: Pool
    ref: Ref
    defaults: bool
    check: Check
    is_json_schema: bool = False
    """Whether `ref` is a user's JSON Schema, which is taken as it is, and no structural schema."""


class Catalog:
    """The schemas that a run checks against: those of the target releases, and the user's own.

    Reading is lazy: a project's data is read when a document of one of its groups is first seen,
    a sub-schema is compiled when a field of it is.
    """

    def __init__(self, target: Target | None = None, user_schemas: "Sequence[UserSchema]" = ()) -> None:
        self.target = target or Target()
        self._user = {(schema.api_version, schema.kind): schema for schema in user_schemas}
        self._pools: dict[str, tuple[Pool, Gate]] = {}
        self._releases: dict[tuple[str, str], Release] = {}
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._valid: dict[tuple[str, str], Check] = {}
        self._dated: dict[tuple[str, str], Callable[[dict[str, Any]], list[SchemaProblem]] | None] = {}

    def entry(self, api_version: str, kind: str) -> Entry | None:
        """The schema of a kind; None where the target does not serve it, or nobody knows it."""
        key = (api_version, kind)
        if key not in self._entries:
            self._entries[key] = self._find(api_version, kind)
        return self._entries[key]

    def _find(self, api_version: str, kind: str) -> Entry | None:
        user = self._user.get((api_version, kind))
        if user is not None:
            return _user_entry(user)
        group, _, version = api_version.partition("/")
        project = PROJECTS.get(group)
        if project is None:
            return None
        known = self.release(project).get(f"{group}/{kind}")
        if known is None or version not in known.versions:
            return None
        pool, gate = self._pool(project)
        ref = known.versions[version]
        return Entry(api_version, kind, pool, ref, known.defaults, gate.check(ref))

    def _pool(self, project: str) -> tuple[Pool, Gate]:
        if project not in self._pools:
            pool = load_pool(project)
            self._pools[project] = pool, Gate(pool)
        return self._pools[project]

    def pool(self, project: str) -> Pool:
        """The sub-schemas of a project, shared by its releases."""
        return self._pool(project)[0]

    def release(self, project: str, release: str | None = None) -> Release:
        """What a release knows (default: the target's)."""
        key = (project, release or self.target.of(project))
        if key not in self._releases:
            self._releases[key] = load_release(*key)
        return self._releases[key]

    def users_versions(self, api_version: str, kind: str) -> tuple[str, ...]:
        """The apiVersions of a kind that the user's CRD serves; none where JSON Schemas say nothing of versions."""
        group = api_version.rpartition("/")[0]
        if not self._user or group in PROJECTS:
            return ()
        found = [
            user for user in self._user.values() if (user.api_version.rpartition("/")[0], user.kind) == (group, kind)
        ]
        if all(user.is_json_schema for user in found):
            return ()
        return tuple(user.api_version for user in found)

    def known(self, api_version: str, kind: str) -> Kind | None:
        """What the target's release knows of a kind, whatever the version."""
        group = api_version.partition("/")[0]
        project = PROJECTS.get(group)
        return self.release(project).get(f"{group}/{kind}") if project else None

    def valid(self, data: Any) -> bool:
        """Whether `explain` has nothing to say of a document; a kind that nobody knows is valid.

        `data` is a document as the reader gives it; it is not changed. Never raises.
        """
        try:
            key = data["apiVersion"], data["kind"]
            check = self._valid.get(key)
        except (TypeError, KeyError):
            return True
        if check is None:
            check = self._valid[key] = self._judge(*key)
        try:
            return check(data)
        except RecursionError:
            return False

    def _judge(self, api_version: Any, kind: Any) -> Check:
        if not isinstance(api_version, str) or not isinstance(kind, str):
            return _yes
        entry = self.entry(api_version, kind)
        if entry is not None:
            return _with_defaults(entry) if entry.defaults else _without_defaults(entry)
        from meshlint.schemas.gone import is_ours
        from meshlint.schemas.slips import is_slip

        known = is_ours(api_version, kind) or self.users_versions(api_version, kind) or is_slip(api_version, kind)
        return _no if known else _yes

    def explain(self, data: Any) -> "list[SchemaProblem]":
        """What is wrong with a document, one problem a cause; empty if and only if it is valid.

        Spots have source and document 0; their paths start at the document's root.
        """
        if self.valid(data):
            return []
        from meshlint.schemas.explain import explain

        return explain(self, data)

    def fits(self, entry: Entry, path: Path, value: Any) -> bool:
        """Whether a value is legal at a path of a kind, as far as the schema of that place goes."""
        from meshlint.schemas.history import follow

        ref = None if entry.is_json_schema else follow(entry.pool, entry.ref, path)
        if ref is None:
            return False
        try:
            return Gate(entry.pool).check(ref)(value)
        except NullFound:
            return False

    def deprecated(self, data: Any) -> "list[SchemaProblem]":
        """The deprecated version, fields and values that a document uses, valid or not. Never raises."""
        try:
            key = data["apiVersion"], data["kind"]
            if key not in self._dated:
                self._dated[key] = self._dating(*key)
            dated = self._dated[key]
            if dated is None:
                return []
            return dated(data)
        except (TypeError, KeyError, AttributeError):
            return []

    def _dating(self, api_version: str, kind: str) -> "Callable[[dict[str, Any]], list[SchemaProblem]] | None":
        """How to find what is deprecated in documents of a kind; None where nothing can be."""
        from meshlint.schemas import deprecations

        known = self.known(api_version, kind)
        replacement = known.deprecated.get(api_version.partition("/")[2]) if known else None
        has_fields = ".istio.io/" in api_version and deprecations.tree(kind) is not None
        if known is None or not (replacement or has_fields):
            return None

        def find(data: dict[str, Any]) -> "list[SchemaProblem]":
            fields = deprecations.find(kind, data.get("spec"), self.target.istio) if has_fields else []
            if not replacement and not fields:
                return []
            from meshlint.schemas.explain import deprecated

            return deprecated(self, data, replacement, fields)

        return find

    def deprecated_settings(self, data: dict[str, Any], content: dict[str, Any]) -> "list[SchemaProblem]":
        """The deprecated fields of the mesh config that a document carries; spots are relative to it."""
        from meshlint.schemas import deprecations

        fields = list(deprecations.find("MeshConfig", content, self.target.istio))
        if not fields:
            return []
        from meshlint.schemas.explain import deprecated_field

        return [deprecated_field(data, path, deprecation) for path, deprecation in fields]

    def problems(self, data: Any) -> "list[SchemaProblem]":
        """All that the schemas have to say of a document: `explain` and `deprecated`."""
        return [*self.explain(data), *self.deprecated(data)]


def _user_entry(user: "UserSchema") -> Entry:
    if not user.is_json_schema:
        check = Gate(EMPTY).check(user.schema)
        return Entry(user.api_version, user.kind, EMPTY, user.schema, defaults=True, check=check)
    from meshlint.schemas.keywords import json_schema_validator

    check = json_schema_validator(user.schema).is_valid
    return Entry(user.api_version, user.kind, EMPTY, user.schema, defaults=False, check=check, is_json_schema=True)


def _with_defaults(entry: Entry) -> Check:
    check, fill = entry.check, Filler(entry.pool, entry.ref).fill

    def valid(data: Any) -> bool:
        try:
            return check(fill(data))
        except NullFound:
            return check(prepare(entry.pool, entry.ref, data))

    return valid


def _without_defaults(entry: Entry) -> Check:
    """Nothing is prepared unless a null turns up."""
    check = entry.check

    def valid(data: Any) -> bool:
        try:
            return check(data)
        except NullFound:
            return check(prepare(entry.pool, entry.ref, data))

    return valid


def _yes(_: Any) -> bool:
    return True


def _no(_: Any) -> bool:
    return False
