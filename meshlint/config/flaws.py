"""What is wrong with a configuration, as values that a caller can draw."""

import msgspec

from meshlint.findings import Part, Path, Region


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong: at a field of the configuration (`path`), or at a stretch of its text (`region`)."""

    message: str
    help: str | None = None
    path: Path = ()
    part: Part = Part.VALUE
    region: Region | None = None


class ConfigError(Exception):
    """A configuration that cannot be used; `flaws` says everything that is wrong with it."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__("; ".join(flaw.message for flaw in flaws))
        self.flaws = flaws
