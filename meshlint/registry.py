"""Rules: what one is, the decorator that makes one, and how folders of rule files become rules.

A rule is a file. Its docstring is its page; the annotation of the first parameter of its check
subscribes it to a kind, a union of kinds, `Resource`, a problem, or `Mesh`; further parameters are
given by their type (`Mesh`, a subclass of `Options`, `Target`). Built-in rules take the same road
as those of `--rules-dir` and of installed packages: the folder is mounted as a package.

An index of what the decorators say (`rules/index.json`, generated) lets a run import only the rule
files whose kinds occur in its input.
"""

import importlib
import os
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from meshlint import _bundled
from meshlint.findings import Finding, Severity

BUILT_IN = "meshlint_rules"
"""The name of the package that the built-in folder is mounted as."""

_ENTRY_POINTS = "meshlint.rules"
_MESH = "meshlint.mesh.mesh.Mesh"


class RuleError(Exception):
    """A rule file that is no rule: says which file and why."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Base of a rule's options: a struct in the rule's file, documented by its fields (`max_tries` is `max-tries`)."""


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a rule without importing it.

    `file` is relative to the built-in folder where the index tells it; `subjects` are dotted class names; `mesh`
    says that the rule looks at the whole mesh; `covers` are the codes whose findings this rule's findings explain
    better; `everywhere` says that what a delegate writes has to bring a finding about under each root that serves it.
    """

    code: str
    name: str
    severity: Severity
    since: str
    summary: str
    module: str
    file: str
    subjects: tuple[str, ...]
    mesh: bool
    equivalents: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    default: bool = True
    ignorable: bool = True
    everywhere: bool = False

    @property
    def topic(self) -> str:
        """The folder the rule lies in: `routing`, `security`, ..."""
        return os.path.basename(os.path.dirname(self.file)) or "custom"

    @property
    def url(self) -> str:
        """The page of the rule in the documentation."""
        return f"https://meshlint.dev/rules/{self.code}/"


class Rule:
    """A rule that can run: `check(subject, *given)`, where `given` follows `parameters`.

    What it says of itself is put together when asked for, which it is not where the index knows it.
    Raises RuleError then if the check is none.
    """

    def __init__(self, check: Callable[..., Iterable[Finding]], said: Mapping[str, Any]) -> None:
        """`said` is what the decorator was told, by the names of the fields of `Meta`."""
        self.check = check
        self._said = said
        self._module = sys.modules[check.__module__]

    @property
    def page(self) -> str:
        """The docstring of its file."""
        return (self._module.__doc__ or "").strip()

    @cached_property
    def meta(self) -> Meta:
        """What the index has of it."""
        return Meta(
            **self._said,
            summary=self.page.partition("\n\n")[0].replace("\n", " "),
            module=self.check.__module__,
            file=self._module.__file__ or "",
            subjects=tuple(map(dotted, self.subjects)),
            mesh=any(dotted(given) == _MESH for given in (*self.subjects, *self.parameters)),
        )

    @cached_property
    def subjects(self) -> tuple[type, ...]:
        """The kinds or problems that it judges."""
        try:
            return _members(self._annotations[0])
        except AttributeError as error:
            raise RuleError(f"{self._module.__file__}: {error}") from error

    @cached_property
    def parameters(self) -> tuple[type, ...]:
        """The types of what else its check is given."""
        return tuple(self._annotations[1:])

    @cached_property
    def _annotations(self) -> list[Any]:
        check = self.check
        found = [given for key, given in check.__annotations__.items() if key != "return"]
        count = getattr(getattr(check, "__code__", None), "co_argcount", len(found))
        if not found or len(found) != count or any(isinstance(given, str) for given in found[1:]):
            raise RuleError(
                f"{self._module.__file__}: the parameters of `check` need type annotations that are no text"
            )
        return found

    @property
    def options(self) -> type[Options] | None:
        """The struct of this rule's options, if it has any."""
        return next((given for given in self.parameters if issubclass(given, Options)), None)


def rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    since: str,
    equivalents: tuple[str, ...] = (),
    covers: tuple[str, ...] = (),
    default: bool = True,
    ignorable: bool = True,
    everywhere: bool = False,
) -> Callable[[Callable[..., Iterable[Finding]]], Rule]:
    """Make a rule of a check; the file's docstring becomes its page.

    `equivalents` names the codes of other tools that mean the same, `covers` the rules whose
    findings at the same place this one explains better. `default=False` is for heuristics and taste,
    `ignorable=False` for what no comment, annotation or baseline may silence. `everywhere=True` is for
    rules that say of a VirtualService that a part of it is never used: a delegate of several roots has
    such a part only if none of them uses it.
    """
    said = {
        "code": code,
        "name": name,
        "severity": severity,
        "since": since,
        "equivalents": equivalents,
        "covers": covers,
        "default": default,
        "ignorable": ignorable,
        "everywhere": everywhere,
    }
    return lambda check: Rule(check, said)


def dotted(subject: type) -> str:
    """The name by which the index speaks of a class."""
    return f"{subject.__module__}.{subject.__qualname__}"


def _members(annotation: Any) -> tuple[type, ...]:
    """The classes of an annotation. In quotes it names kinds that a rule does not import for its own sake."""
    if isinstance(annotation, str):
        from meshlint import api

        return tuple(member for name in annotation.split("|") for member in _members(getattr(api, name.strip())))
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return tuple(typing.get_args(annotation))
    return (annotation,)


MOUNTED: dict[str, str] = {}
"""The folders that are mounted, by package; another process mounts the same."""


def mount(package: str, root: str) -> None:
    """Make a folder of rule files importable as `package`, in place of a folder that had that name before."""
    if MOUNTED.get(package, root) != root:
        for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
            del sys.modules[name]
        importlib.invalidate_caches()
    module = types.ModuleType(package, f"Rules from {root}")
    module.__path__ = [root]
    sys.modules[package] = module
    MOUNTED[package] = root


def modules(package: str, root: str) -> list[str]:
    """Mount a folder of rule files; the dotted names of all of them, in order."""
    mount(package, root)
    return sorted(name for name, _ in _files(package, root))


def _files(package: str, root: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The rule files of a folder and those in it, with their dotted names.

    Files that begin with `_` are helpers that the rules of a folder share.
    """
    try:
        entries = os.scandir(root)
    except OSError:
        return
    for entry in entries:
        name = entry.name
        if name[0] in "._":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(f"{package}.{name}", entry.path)
        elif name.endswith(".py"):
            yield f"{package}.{name[:-3]}", entry


def load(module_name: str) -> Rule:
    """Import one rule file."""
    try:
        module = importlib.import_module(module_name)
    except RuleError:
        raise
    except Exception as error:
        raise RuleError(f"{file_of(module_name)} cannot be imported: {type(error).__name__}: {error}") from error
    rules = [
        value for value in vars(module).values() if isinstance(value, Rule) and value.check.__module__ == module_name
    ]
    if len(rules) != 1:
        raise RuleError(f"{module.__file__}: a rule file holds one check with @rule, this one has {len(rules)}")
    return rules[0]


def file_of(module_name: str) -> str:
    """The file of a mounted rule, as a person names it."""
    package, *parts = module_name.split(".")
    root = sys.modules[package].__path__[0] if package in sys.modules else package
    return os.path.relpath(os.path.join(root, *parts) + ".py")


_CHECKOUT = 10 * 1_000_000_000
"""Nanoseconds that git may take to write a checkout: the index is neither the first nor the last of its files."""


def built_in() -> list[Meta]:
    """What the built-in rules say of themselves: from the index, but for files that were written after it."""
    root = _bundled.folder("rules")
    index = os.path.join(root, "index.json")
    if _bundled.is_installed():
        mount(BUILT_IN, root)
        return _indexed(index)
    try:
        made = os.stat(index).st_mtime_ns
        known = {meta.module: meta for meta in _indexed(index)}
    except (OSError, msgspec.MsgspecError):
        made, known = 0, {}
    metas = []
    mount(BUILT_IN, root)
    for name, file in sorted(_files(BUILT_IN, root)):
        meta = known.get(name)
        fresh = meta is not None and file.stat().st_mtime_ns < made + _CHECKOUT
        metas.append(meta if meta and fresh else load(name).meta)
    return metas


def _indexed(index: str) -> list[Meta]:
    """The rows of the index."""
    with open(index, "rb") as file:
        return msgspec.json.decode(file.read(), type=list[Meta])


def write_index() -> str:
    """The text of `rules/index.json`: one rule a line, files relative to the folder."""
    root = _bundled.folder("rules")
    metas = [load(name).meta for name in modules(BUILT_IN, root)]
    rows = [msgspec.structs.replace(meta, file=os.path.relpath(meta.file, root)) for meta in metas]
    rows.sort(key=lambda meta: meta.code)
    return "[\n" + ",\n".join(msgspec.json.encode(row).decode() for row in rows) + "\n]\n"


def from_folder(root: str, number: int) -> list[Meta]:
    """The rules of a user's folder (`--rules-dir`), mounted as a package of their own."""
    if not os.path.isdir(root):
        raise RuleError(f"{root}: no such folder of rules")
    return [load(name).meta for name in modules(f"meshlint_rules_{number}", os.path.abspath(root))]


def installed() -> list[Meta]:
    """The rules of installed packages that declare the entry point group `meshlint.rules`.

    The value of an entry point is a package; its folder is mounted like `--rules-dir`. The
    `entry_points.txt` files are read directly: importlib.metadata would cost 30 to 95 ms.
    """
    metas: list[Meta] = []
    for number, package in enumerate(sorted(set(_declared_packages()))):
        module = importlib.import_module(package)
        for root in module.__path__:
            metas += from_folder(root, 1000 + number)
    return metas


def _declared_packages() -> Iterator[str]:
    for folder in sys.path:
        try:
            names = [name for name in os.listdir(folder or ".") if name.endswith(".dist-info")]
        except OSError:
            continue
        for name in names:
            try:
                with open(os.path.join(folder, name, "entry_points.txt"), "rb", buffering=0) as file:
                    content = file.read()
            except OSError:
                continue
            _, found, section = content.decode("utf-8", "replace").partition(f"[{_ENTRY_POINTS}]")
            if found:
                lines = section.partition("\n[")[0].splitlines()
                yield from (line.partition("=")[2].strip() for line in lines if "=" in line)
