"""The configuration file: where it is looked for, and from its text to a `Config`."""

import os
from typing import Any

import msgspec

from meshlint.config.flaws import ConfigError, Flaw
from meshlint.config.model import Config
from meshlint.findings import Part, Path, Region
from meshlint.model.base import UNCONVERTIBLE
from meshlint.problems import DuplicateKey, Problem, SyntaxProblem
from meshlint.reading import Document, read
from meshlint.report.repository import root_of

NAMES = (".meshlint.yaml", ".meshlint.yml")


class ConfigFile(msgspec.Struct, frozen=True):
    """A configuration file that was read: `location` is its absolute path, `document` its text as plain data."""

    location: str
    text: str
    document: Document

    @property
    def folder(self) -> str:
        """The folder that its paths are relative to."""
        return os.path.dirname(self.location)

    @property
    def data(self) -> dict[str, Any]:
        """What it says, by key."""
        return self.document.data or {}

    def region(self, flaw: Flaw) -> Region:
        """Where a flaw is, in lines and columns of the file."""
        return flaw.region or _region(self.text, self.document, flaw.path, flaw.part)

    def line(self, path: Path) -> int:
        """The line of a field."""
        return _region(self.text, self.document, path, Part.VALUE).line


def find(folder: str) -> str | None:
    """The configuration file that holds in a folder: the nearest one, up to the root of the repository.

    Without a repository around, only the folder itself is looked at: what lies further up belongs
    to somebody else.
    """
    folder = os.path.abspath(folder)
    top = root_of(folder)
    found = _in(folder)
    while found is None and top is not None and folder != top:
        folder = os.path.dirname(folder)
        found = _in(folder)
    return found


def _in(folder: str) -> str | None:
    return next((path for name in NAMES if os.path.isfile(path := os.path.join(folder, name))), None)


def read_config(location: str) -> ConfigFile:
    """Read a file as plain data. OSError where it cannot be opened, ConfigError where it is no YAML mapping."""
    with open(location, "rb") as file:
        content = file.read()
    return parse(location, content)


def parse(location: str, content: bytes) -> ConfigFile:
    """The same for content at hand."""
    from meshlint.sources.loading import decode

    text, undecodable = decode(content)
    reading = read(text)
    empty = Document({}, 0, len(text), 0)
    document = reading.documents[0] if reading.documents else empty
    file = ConfigFile(os.path.abspath(location), text, document)
    flaws = [_of_problem(problem, file) for problem in (*filter(None, [undecodable]), *reading.problems)]
    if not flaws and len(reading.documents) > 1:
        second = reading.documents[1].line + 1
        place = Region(second, 1, second, 4)
        flaws = [Flaw("the configuration is one document, here a second one begins", region=place)]
    if not flaws and document.data is not None and not isinstance(document.data, dict):
        flaws = [Flaw("the configuration must be a mapping of keys", "write for example `fail-on: error`")]
    if flaws:
        raise BrokenFile(file, *flaws)
    return file


class BrokenFile(ConfigError):
    """A configuration file with flaws, and the file itself, so that they can be drawn."""

    def __init__(self, file: ConfigFile, *flaws: Flaw) -> None:
        super().__init__(*flaws)
        self.file = file


def _of_problem(problem: Problem, file: ConfigFile) -> Flaw:
    spot = problem.spot
    where = spot.region or _region(file.text, file.document, spot.path, spot.part)
    if isinstance(problem, DuplicateKey):
        return Flaw(f"the key `{problem.key}` stands here again", "keep one of the two", region=where)
    if isinstance(problem, SyntaxProblem):
        return Flaw(problem.message, problem.help, region=where)
    return Flaw(type(problem).__name__, region=where)


def _region(text: str, document: Document, path: Path, part: Part) -> Region:
    """Where a field is; what finds it is imported for a file that is wrong."""
    from meshlint.reading.places import region

    return region(text, document, path, part)


def converted(file: ConfigFile) -> Config:
    """The settings of a file. BrokenFile says everything that is wrong with their form."""
    try:
        return msgspec.convert(file.data, Config)
    except UNCONVERTIBLE as error:
        from meshlint.config.explain import explain

        raise BrokenFile(file, *explain(file.data, str(error))) from error
