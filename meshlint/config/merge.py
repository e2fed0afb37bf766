"""Configuration file and command line, merged once, and where each setting comes from."""

import os
from collections.abc import Mapping
from typing import Any

import msgspec

from meshlint.config.file import ConfigFile, converted
from meshlint.config.model import KEYS, Config
from meshlint.mesh.context import Scope

_KEY_OF = {field: key for key, field in KEYS.items()}


class Effective(msgspec.Struct, frozen=True):
    """The settings in force; `given` names the fields that the command line gave."""

    config: Config
    file: ConfigFile | None = None
    given: frozenset[str] = frozenset()

    @property
    def folder(self) -> str:
        """What patterns of the configuration are relative to: its folder, else the working directory."""
        return self.file.folder if self.file else os.getcwd()

    def location(self, field: str, path: str) -> str:
        """A path as the working directory sees it; those that the file names are relative to its folder."""
        if path == "-" or self.file is None or not self.is_from_file(_KEY_OF[field]):
            return path
        return os.path.relpath(os.path.join(self.file.folder, path))

    def locations(self, field: str) -> tuple[str, ...]:
        """The paths of a field that holds several."""
        return tuple(self.location(field, path) for path in getattr(self.config, field))

    def with_paths(self, *paths: str) -> "Effective":
        """The same settings for other paths, as if the command line had named them."""
        config = msgspec.structs.replace(self.config, paths=paths)
        return msgspec.structs.replace(self, config=config, given=self.given | {"paths"})

    def without_baseline(self) -> "Effective":
        """The same settings, with no finding known."""
        return msgspec.structs.replace(self, config=msgspec.structs.replace(self.config, baseline=None))

    def is_set(self, key: str) -> bool:
        """Whether the file or the command line says something about a key."""
        return KEYS[key] in self.given or self.is_from_file(key)

    def is_from_file(self, key: str) -> bool:
        """Whether the file says what holds for a key."""
        return self.file is not None and key in self.file.data and KEYS.get(key) not in self.given

    def origin(self, key: str) -> str:
        """Where a setting comes from: `default`, `.meshlint.yaml:3`, `--fail-on`."""
        if KEYS[key] in self.given:
            return "PATHS" if key == "paths" else f"--{key}"
        if self.file is None or key not in self.file.data:
            return "default"
        return f"{os.path.relpath(self.file.location)}:{self.file.line((key,))}"


def merged(file: ConfigFile | None, given: Mapping[str, Any]) -> Effective:
    """Lay what the command line gives, by field, over the file: a field given replaces the file's.

    BrokenFile for a file whose form is wrong.
    """
    config = converted(file) if file else Config()
    changes = {name: value for name, value in given.items() if name in Config.__struct_fields__}
    if "scope" in changes:
        changes["scope"] = Scope(changes["scope"])
    return Effective(msgspec.structs.replace(config, **changes), file, frozenset(changes))
