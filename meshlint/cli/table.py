"""The options of `check` as data: what click is told, what the quick reader of command lines knows (`quick.py`).

A value on the command line replaces that of the configuration file; what neither gives is the
default of `meshlint.config.Config`, so no option has a default of its own here.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from meshlint.config import Config
from meshlint.report.formats import FORMATS

_DEFAULTS = Config()


Form = Literal["flag", "one", "several", "words", "count"]
"""What an option takes: nothing; one value, of which the last counts; a value each time it is given; words between
commas, each time it is given; `auto` or a number from 1 on."""


class Option(msgspec.Struct, frozen=True):
    """An option: its names, the longest of which names it everywhere, and what it takes."""

    names: tuple[str, ...]
    form: Form
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The name of its value."""
        return max(self.names, key=len).lstrip("-").replace("-", "_")


def _flag(names: str, text: str) -> Option:
    return Option(tuple(names.split()), "flag", text)


def _several(names: str, metavar: str, text: str) -> Option:
    return Option(tuple(names.split()), "several", text, metavar)


def _words(names: str, text: str) -> Option:
    return Option(tuple(names.split()), "words", text, "RULES")


def _one(names: str, text: str, metavar: str) -> Option:
    return Option(tuple(names.split()), "one", text, metavar)


def _choice(name: str, choices: Sequence[str], text: str) -> Option:
    default = getattr(_DEFAULTS, name[2:].replace("-", "_"))
    shown = getattr(default, "value", default)
    return Option((name,), "one", f"{text}  [default: {shown}]", choices=tuple(choices))


TABLE: dict[str, list[Option]] = {
    "What is read": [
        _several("--context", "PATH", "Read too, but never reported on."),
        _one("-n --namespace", "Where resources without a namespace live.  [default: default]", metavar="NAME"),
        _choice("--scope", ["auto", "complete", "partial"], "How much of the mesh the input holds."),
        _one("--mesh-config", "MeshConfig, or the resource or Helm values that hold it.", metavar="FILE"),
        _one(
            "--istio-version",
            f"Istio to check against.  [default: as installed by the input, else {_DEFAULTS.istio_version}]",
            metavar="X.Y",
        ),
        _one(
            "--gateway-api-version",
            f"Gateway API to check against; X.Y-standard for its standard channel.  [default: {_DEFAULTS.gateway_api_version}]",
            metavar="X.Y",
        ),
        _several("--schema-dir", "DIR", "Schemas of further kinds: CRDs or JSON Schema."),
        _flag("--strict-yaml", "Read every document with the full parser: slower, with the same result."),
        _one("--config", "Instead of the .meshlint.yaml of this folder or one above.", metavar="FILE"),
        _flag("--hook", "For pre-commit: judge git's index, report what touches PATHS; without PATHS, everything."),
    ],
    "Which rules run": [
        _words("--select", "Only these: codes, names, prefixes (ML2), codes of other tools."),
        _words("--extend-select", "These too, for rules that are off by default."),
        _words("--ignore", "Not these; wins over both."),
        _several("--rules-dir", "DIR", "Rules of your own."),
        _choice("--fail-on", ["error", "warning", "info", "never"], "Exit 1 from this severity on."),
    ],
    "Silenced findings": [
        _one("--baseline", "Keep silent about what this file lists.", metavar="FILE"),
        _one("--write-baseline", "Write all findings of now to a baseline.", metavar="FILE"),
        _flag("--no-suppressions", "Comments and annotations silence nothing."),
        _flag("--show-suppressed", "Report silenced findings too, marked; they never fail a run."),
    ],
    "Fixes": [
        _flag("--fix", "Write the fixes that have only one reading, then report what is left."),
        _flag("--diff", "Show what --fix would write, and write nothing."),
    ],
    "Speed": [
        Option(
            ("-j", "--jobs"), "count", "Processes; auto: one a core, where that pays.  [default: auto]", metavar="N"
        ),
        _one("--cache", "Where results are kept.  [default: the user's folder for caches]", metavar="DIR"),
        _flag("--no-cache", "Keep no results, and use none."),
    ],
    "Output": [
        Option(("-f", "--format"), "several", "Format; repeat for several.", choices=tuple(FORMATS)),
        _several("-o --output", "FILE", "Where the format of the same position goes."),
        _flag("--statistics", "Count findings by rule."),
        _choice("--color", ["auto", "always", "never"], "Colours; auto honours NO_COLOR."),
        _flag("-q --quiet", "No summary and no notes on stderr."),
    ],
}
"""The options by the heading they have in the help."""
