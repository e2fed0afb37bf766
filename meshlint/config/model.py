"""Every setting of a run, in the words of the configuration file."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from meshlint.findings import Severity
from meshlint.mesh.context import External, Scope
from meshlint.schemas.versions import NEWEST_GATEWAY_API, NEWEST_ISTIO

SCHEMA = "https://meshlint.dev/schemas/config.json"
"""Where editors find the JSON Schema of the file."""

FailOn = Literal["error", "warning", "info", "never"]
Color = Literal["auto", "always", "never"]
Jobs = Annotated[int, msgspec.Meta(ge=1)]


class PerPath(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """What is different for some files.

    `paths` are patterns as in .gitignore, relative to the folder of the configuration file;
    `ignore` are rules (as for `--ignore`), `severity` gives rules another severity. Entries further
    down win.
    """

    paths: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = {}


class Config(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Every setting of a run: a key of the file is a field here, and where there is one, a long option.

    Paths are as written: relative to the folder of the configuration file, or, from the command
    line, to the working directory (`Effective.location` resolves them). `rules` gives a rule, by
    code or name, its `severity`, `ignorable: false` (nobody silences it in a file or a baseline)
    and its options.
    """

    paths: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "warning"
    scope: Scope = Scope.AUTO
    namespace: str = "default"
    istio_version: str = NEWEST_ISTIO
    gateway_api_version: str = NEWEST_GATEWAY_API
    mesh_config: str | None = None
    context: tuple[str, ...] = ()
    external: External = External()
    rules: Mapping[str, Mapping[str, Any]] = {}
    per_path: tuple[PerPath, ...] = ()
    rules_dir: tuple[str, ...] = ()
    schema_dir: tuple[str, ...] = ()
    baseline: str | None = None
    strict_yaml: bool = False
    jobs: Jobs | Literal["auto"] = "auto"
    cache: str | None = None
    no_cache: bool = False
    require_reason: bool = False
    no_suppressions: bool = False
    show_suppressed: bool = False
    statistics: bool = False
    color: Color = "auto"
    quiet: bool = False


KEYS: dict[str, str] = dict(zip(Config.__struct_encode_fields__, Config.__struct_fields__, strict=True))
"""Key of the file (`fail-on`) to field (`fail_on`)."""
