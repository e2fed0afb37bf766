"""Findings of an earlier run that a team has decided to live with for now.

A file of fingerprints with counts. A fingerprint is the rule, the resource, the field and the value
there, so lines may move and files be renamed. The file also says in words what each entry is: a
review should show what is being accepted.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from meshlint.report.model import IN_BASELINE, Reported, resource_text
from meshlint.selection import Selection


class BaselineError(Exception):
    """A baseline that cannot be read or written: says which and why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")


class Known(msgspec.Struct, frozen=True):
    """One entry: `count` findings of a rule that share a fingerprint; the rest says in words what they are."""

    fingerprint: str
    count: int
    rule: str
    where: str
    message: str


class _File(msgspec.Struct, frozen=True):
    version: int
    findings: list[Known]
    paths: tuple[str, ...] = ()


class Baseline(msgspec.Struct, frozen=True):
    """The known findings, by fingerprint, and the paths that were linted for them, seen from the file's folder."""

    known: Mapping[str, Known]
    paths: tuple[str, ...] = ()

    def applied(self, found: Sequence[Reported], selection: Selection) -> list[Reported]:
        """The same findings, those that are known silenced; of a fingerprint never more than were known."""
        left = {entry.fingerprint: entry.count for entry in self.known.values()}
        after = []
        for item in found:
            key = _base(item)
            if left.get(key, 0) > 0 and item.suppressed is None and _may_be_known(item, selection):
                left[key] -= 1
                item = msgspec.structs.replace(item, suppressed=IN_BASELINE)
            after.append(item)
        return after

    def fixed(self, found: Iterable[Reported], selection: Selection) -> list[Known]:
        """Entries of rules that ran of which fewer findings, or none, are left: the number is how many may go."""
        seen = Counter(_base(item) for item in found)
        return [
            msgspec.structs.replace(entry, count=entry.count - seen[entry.fingerprint])
            for entry in self.known.values()
            if entry.rule in selection.rules
            and entry.rule not in selection.peers
            and seen[entry.fingerprint] < entry.count
        ]


def read_baseline(path: str) -> Baseline:
    """Read a baseline. BaselineError where that is not possible."""
    try:
        with open(path, "rb") as file:
            content = msgspec.json.decode(file.read(), type=_File)
    except FileNotFoundError as error:
        raise BaselineError(path, "there is no such baseline") from error
    except OSError as error:
        raise BaselineError(path, (error.strerror or str(error)).lower()) from error
    except msgspec.DecodeError as error:  # a ValidationError is one
        raise BaselineError(path, f"is no baseline: {error}") from error
    if content.version != 1:
        raise BaselineError(path, f"has version {content.version}, this meshlint reads version 1")
    known: dict[str, Known] = {}
    for entry in content.findings:
        before = known.get(entry.fingerprint)
        count = entry.count + (before.count if before else 0)
        known[entry.fingerprint] = msgspec.structs.replace(entry, count=count)
    return Baseline(known, content.paths)


def baseline_of(found: Iterable[Reported], selection: Selection, paths: tuple[str, ...]) -> Baseline:
    """Everything that counts now. What may not be silenced is left out, and so fails on."""
    known: dict[str, Known] = {}
    for item in found:
        if item.suppressed not in (None, IN_BASELINE) or not _may_be_known(item, selection):
            continue
        key = _base(item)
        count = known[key].count + 1 if key in known else 1
        known[key] = Known(key, count, item.rule, _encodable(_where(item)), _encodable(item.message))
    return Baseline(known, paths)


def write_baseline(path: str, baseline: Baseline) -> None:
    """Write a baseline, one entry a line, in an order that changes little. BaselineError where that fails."""
    entries = sorted(baseline.known.values(), key=lambda entry: (entry.rule, entry.where, entry.fingerprint))
    rows = ",\n".join(f"  {_json(entry)}" for entry in entries)
    findings = f"[\n{rows}\n]" if rows else "[]"
    text = f'{{"version": 1, "paths": {_json(baseline.paths)}, "findings": {findings}}}\n'
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError as error:
        raise BaselineError(path, f"cannot be written: {(error.strerror or str(error)).lower()}") from error


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _encodable(text: str) -> str:
    """The text as UTF-8 can hold it."""
    return text.encode("utf-8", "backslashreplace").decode()


def _base(item: Reported) -> str:
    return item.fingerprint.partition(":")[0]


def _may_be_known(item: Reported, selection: Selection) -> bool:
    meta = selection.rules.get(item.rule)
    return meta is not None and meta.ignorable


def _where(item: Reported) -> str:
    if item.resource is None:
        return item.path
    return f"{resource_text(item.resource)} {item.field}" if item.field else resource_text(item.resource)
