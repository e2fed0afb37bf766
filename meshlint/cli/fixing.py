"""`--fix` and `--diff`: rounds of linting and fixing in memory, then one write for each file.

A fix may bring another finding to light (a renamed field has a wrong value), so the files are linted
again until nothing more can be fixed. `--diff` shows what `--fix` would write.
"""

import os
import shutil
import sys
from collections.abc import Callable

import msgspec

from meshlint.cli.inputs import Plan, Reader
from meshlint.cli.usage import Failure
from meshlint.fixes import fixed, unified
from meshlint.report.model import PlannedFix, Report
from meshlint.report.summary import count
from meshlint.sources import STDIN, File, Skipped, Source, Unreadable, load, sources

_ROUNDS = 10
"""More than any chain of fixes needs; a pair of rules that undo each other must not run for ever."""


class Outcome(msgspec.Struct, frozen=True):
    """What the rounds came to: the last report, how many fixes were done, and the files that changed."""

    planned: Plan
    report: Report
    fixes: int
    changed: dict[str, tuple[File, bytes, bytes]]
    """By path as reported: the file, its content before and after."""


class Memory:
    """Opens files, those that were changed with their new content."""

    def __init__(self) -> None:
        self.before: dict[str, bytes] = {}
        self.after: dict[str, bytes] = {}
        self.files: dict[str, File] = {}

    def __call__(self, file: File) -> list[Source] | Unreadable | Skipped:
        """The sources of a file, as `load` gives them. Standard input is kept: it can be read only once."""
        self.files[file.path] = file
        if file.path == STDIN and file.path not in self.before:
            self.before[STDIN] = sys.stdin.buffer.read()
            self.after[STDIN] = self.before[STDIN]
        content = self.after.get(file.path)
        return load(file) if content is None else list(sources(file, content))

    def content(self, path: str) -> bytes | None:
        """What a file holds now; None where it cannot be read."""
        if path in self.after:
            return self.after[path]
        try:
            with open(self.files[path].location, "rb") as stream:
                return stream.read()
        except OSError:
            return None

    def change(self, path: str, before: bytes, after: bytes) -> None:
        """Give a file new content."""
        self.before.setdefault(path, before)
        self.after[path] = after


def fix_all(plan: Callable[[Reader], Plan], judge: Callable[[Plan], Report]) -> Outcome:
    """Lint and fix until nothing changes. `plan` says what is read, `judge` lints it."""
    memory = Memory()
    done = 0
    for _ in range(_ROUNDS):
        planned = plan(memory)
        report = judge(planned)
        more = _one_round(report, memory)
        done += more
        if not more:
            break
    changed = {
        path: (memory.files[path], memory.before[path], after)
        for path, after in sorted(memory.after.items())
        if after != memory.before[path]
    }
    return Outcome(planned, report, done, changed)


def _one_round(report: Report, memory: Memory) -> int:
    """Apply the fixes of a report; how many could be."""
    done = 0
    for path, fixes in _by_file(report).items():
        content = memory.content(path) if path in memory.files else None
        if content is not None:
            change = fixed(memory.files[path], content, fixes)
            if change.after != change.before:
                memory.change(path, change.before, change.after)
                done += len(change.done)
    return done


def _by_file(report: Report) -> dict[str, list[PlannedFix]]:
    """The fixes of the findings that count, by their file. One that needs two files is left to a person."""
    by_file: dict[str, list[PlannedFix]] = {}
    for found in report.findings:
        paths = {edit.path for edit in found.fix.edits} if found.fix else set()
        if found.fix and found.suppressed is None and len(paths) == 1:
            by_file.setdefault(paths.pop(), []).append(found.fix)
    return by_file


def show(outcome: Outcome) -> None:
    """Write the differences to stdout."""
    for path, (_, before, after) in outcome.changed.items():
        sys.stdout.write(unified(path, before, after))


def write(outcome: Outcome) -> None:
    """Replace the files that changed. Raises Failure for the first that cannot be, after all others."""
    failures = [failure for file, _, after in outcome.changed.values() if (failure := _replace(file.location, after))]
    if failures:
        raise Failure(failures[0], others=tuple(map(Failure, failures[1:])))


def _replace(location: str, content: bytes) -> str | None:
    """Put new content in the place of a file at once: nobody ever sees half of it. What went wrong is returned."""
    target = os.path.realpath(location)
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        with open(temporary, "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        return f"cannot write {location}: {(error.strerror or str(error)).lower()}"
    return None


def words(outcome: Outcome, *, written: bool) -> str:
    """What happened, for stderr: what was fixed, and what has a fix that cannot be written."""
    left = _left(outcome.report)
    rest = (
        f"; {count(left, 'fix', 'fixes')} left to you: the value comes from an anchor, a block or a merge, "
        "its text allows several readings, or a document of the file is no YAML"
        if left
        else ""
    )
    if not outcome.changed:
        return f"nothing to fix{rest}"
    what = f"{count(outcome.fixes, 'fix', 'fixes')} in {count(len(outcome.changed), 'file')}"
    return f"{what} written{rest}" if written else f"{what} possible{rest}; `--fix` writes them"


def _left(report: Report) -> int:
    """How many findings of the last round have a fix that was not applied."""
    return sum(found.fix is not None and found.suppressed is None for found in report.findings)


def without_fixes(report: Report) -> Report:
    """The report of a run that fixed what it could: what is left is no longer called fixable."""
    findings = [msgspec.structs.replace(found, fix=None) if found.fix else found for found in report.findings]
    return msgspec.structs.replace(report, findings=findings)
