"""Write `schemas/` from the CRDs of Istio and the Gateway API; see docs/schemas.md.

    tools/gen_schemas.py add istio 1.32 crd-all.gen.yaml
    tools/gen_schemas.py add gateway-api 1.7 experimental-install.yaml
    tools/gen_schemas.py add gateway-api 1.7-standard standard-install.yaml
    tools/gen_schemas.py all FOLDER      every istio-X.Y.* and gateway-api-X.Y-CHANNEL.* of a folder
    tools/gen_schemas.py --check [FOLDER]

`--check` verifies the digests of `schemas/SOURCE` and that every rule has a message. With a FOLDER
of CRDs (default: `crds/` of the reference material, where that is) it also compares what these give
with what is there.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, REPOSITORY)

from meshlint.schemas import crd  # noqa: E402 - a checkout need not be installed
from meshlint.schemas.cel import canonical, compile_rule  # noqa: E402
from meshlint.schemas.constraints import ALL  # noqa: E402

SCHEMAS = os.path.join(REPOSITORY, "schemas")
REFERENCE = os.path.join(os.environ.get("MESHLINT_SHARED", os.path.join(REPOSITORY, "..", "shared")), "crds")
GROUPS = {
    "istio": ("networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"),
    "gateway-api": ("gateway.networking.k8s.io", "gateway.networking.x-k8s.io"),
}
_INPUT = re.compile(
    r"(istio)-(\d+\.\d+)\.(?:json|ya?ml)\Z|(gateway-api)-(\d+\.\d+)-(experimental|standard)\.(?:json|ya?ml)\Z"
)
_NAMES = {canonical(text): constraint.name for constraint in ALL for text in constraint.rules}

Pool = dict[str, dict[str, Any]]
Entries = dict[str, dict[str, Any]]


class Project:
    """The generated data of one project, in memory."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pool: Pool = {}
        self.releases: dict[str, Entries] = {}
        self.inputs: dict[str, tuple[str, str]] = {}
        """Release to the digests and the names of its input files."""

    def add(self, release: str, files: list[str]) -> None:
        """Read the CRDs of one release; replaces what was there of it."""
        entries: Entries = {}
        for version in (v for file in files for document in read(file) for v in _versions(document)):
            if version.group in GROUPS[self.name] and version.served:
                self._add_version(entries, version)
        if not entries:
            raise SystemExit(f"{files}: no CRD of {self.name}")
        for kind in entries.values():
            modern = [version for version in kind["versions"] if version not in kind["deprecated"]]
            kind["deprecated"] = dict.fromkeys(kind["deprecated"], modern[0] if modern else "")
        self.releases[release] = entries
        digests = [hashlib.sha256(_bytes(file)).hexdigest() for file in files]
        self.inputs[release] = (",".join(digests), ",".join(os.path.basename(file) for file in files))

    def _add_version(self, entries: Entries, version: crd.CrdVersion) -> None:
        kind = entries.setdefault(
            f"{version.group}/{version.kind}", {"versions": {}, "deprecated": {}, "defaults": False}
        )
        kind["versions"][version.version] = self._intern(version.schema)
        if version.deprecated:
            kind["deprecated"][version.version] = ""
        kind["defaults"] = kind["defaults"] or '"default"' in json.dumps(version.schema)

    def _intern(self, node: crd.Node) -> str:
        """Put a node and all below it into the pool; its name."""
        entry = dict(node)
        if "properties" in entry:
            entry["properties"] = {name: self._intern(child) for name, child in sorted(entry["properties"].items())}
        for key in ("items", "additionalProperties"):
            if key in entry:
                entry[key] = self._intern(entry[key])
        if rules := entry.get("x-kubernetes-validations"):
            entry["x-kubernetes-validations"] = [_rule(rule["rule"]) for rule in rules]
        text = _line(entry)
        name = str(entry["type"]) if set(entry) == {"type"} else hashlib.sha256(text.encode()).hexdigest()[:8]
        if self.pool.setdefault(name, entry) != entry:
            raise SystemExit(f"two sub-schemas have the digest {name}: use more of its digits")
        return name

    def content(self, release: str) -> str:
        """The digest of a release with all it refers to."""
        entries = self.releases[release]
        used = {name: self.pool[name] for name in sorted(self._reached(entries))}
        return hashlib.sha256(_line([entries, used]).encode()).hexdigest()

    def _reached(self, entries: Entries) -> set[str]:
        found: set[str] = set()
        waiting = [name for kind in entries.values() for name in kind["versions"].values()]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                node = self.pool[name]
                children = [*node.get("properties", {}).values(), node.get("items"), node.get("additionalProperties")]
                waiting += [child for child in children if child is not None]
        return found

    def files(self) -> Iterator[tuple[str, str]]:
        """Path below schemas/ and text of every file of this project."""
        used = set().union(*(self._reached(entries) for entries in self.releases.values()))
        yield f"{self.name}/pool.json", _lines({name: self.pool[name] for name in sorted(used)})
        for release, entries in self.releases.items():
            compact = {name: {k: v for k, v in kind.items() if v} for name, kind in sorted(entries.items())}
            yield f"{self.name}/{release}.json", _lines(compact)

    def source(self) -> Iterator[str]:
        """The lines of SOURCE."""
        for release in sorted(self.releases, key=_order):
            digest, name = self.inputs[release]
            yield f"{self.name} {release} content:{self.content(release)} input:{digest} {name}"


def _versions(document: Any) -> Iterator[crd.CrdVersion]:
    if isinstance(document, dict) and document.get("kind") == "CustomResourceDefinition":
        yield from crd.versions(document)


def _rule(text: str) -> dict[str, str]:
    rule = canonical(text)
    if rule not in _NAMES:
        raise SystemExit(f"a CEL rule without an entry in meshlint/schemas/constraints/:\n  {text}")
    compile_rule(rule)
    return {"name": _NAMES[rule], "rule": rule}


def read(file: str) -> list[Any]:
    """The documents of a JSON file (a list or one object) or of a YAML file."""
    if file.endswith(".json"):
        data = json.loads(_bytes(file))
        return data if isinstance(data, list) else [data]
    from ruamel.yaml import YAML

    with open(file, encoding="utf-8") as stream:
        return list(YAML(typ="safe").load_all(stream))


def _bytes(file: str) -> bytes:
    with open(file, "rb") as stream:
        return stream.read()


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def _lines(entries: dict[str, Any]) -> str:
    """JSON with one entry a line, so that diffs are of entries."""
    return "{\n" + ",\n".join(f"{json.dumps(name)}:{_line(entry)}" for name, entry in entries.items()) + "\n}\n"


def _order(release: str) -> tuple[tuple[int, ...], str]:
    version, _, channel = release.partition("-")
    return tuple(int(part) for part in version.split(".")), channel


def load(name: str) -> Project:
    """What schemas/ holds of a project."""
    project = Project(name)
    folder = os.path.join(SCHEMAS, name)
    if not os.path.isdir(folder):
        return project
    project.pool = json.loads(_bytes(os.path.join(folder, "pool.json")))
    for line in _bytes(os.path.join(SCHEMAS, "SOURCE")).decode().splitlines():
        owner, _, rest = line.partition(" ")
        if owner == name:
            release, _, digest, files = rest.split(" ", 3)
            entries = json.loads(_bytes(os.path.join(folder, f"{release}.json")))
            blank: dict[str, Any] = {"deprecated": {}, "defaults": False}
            project.releases[release] = {kind: blank | entry for kind, entry in entries.items()}
            project.inputs[release] = (digest.removeprefix("input:"), files)
    return project


def from_folder(folder: str) -> list[Project]:
    """Both projects, from every bundle of CRDs in a folder."""
    projects = {name: Project(name) for name in GROUPS}
    for file in sorted(os.listdir(folder)):
        if match := _INPUT.match(file):
            istio, version, gateway, number, channel = match.groups()
            release = version or (number if channel == "experimental" else f"{number}-standard")
            projects[istio or gateway].add(release, [os.path.join(folder, file)])
    return list(projects.values())


def rendered(projects: list[Project]) -> dict[str, str]:
    """Path below schemas/ to text, of everything that is generated."""
    files = {path: text for project in projects for path, text in project.files()}
    files["SOURCE"] = (
        "# Written by tools/gen_schemas.py: release, digest of its content, digest and name of its input.\n"
    )
    files["SOURCE"] += "".join(f"{line}\n" for project in projects for line in project.source())
    releases = {p.name: sorted((r for r in p.releases if "-" not in r), key=_order) for p in projects}
    files["releases.json"] = _lines(releases)
    return files


def write(projects: list[Project]) -> None:
    """Write everything and say what changed."""
    for path, text in rendered(projects).items():
        target = os.path.join(SCHEMAS, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.exists(target) or _bytes(target).decode() != text:
            with open(target, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            print(f"wrote schemas/{path} ({len(text) // 1024} KB)")


def compare(folder: str) -> list[str]:
    """Releases of a folder of CRDs that give something else than schemas/ holds."""
    return [
        f"{project.name} {release}: schemas/ differs from the CRDs in {folder}: run tools/gen_schemas.py add"
        for project in from_folder(folder)
        for known in [load(project.name)]
        for release in project.releases
        if release not in known.releases or known.content(release) != project.content(release)
    ]


def check(projects: list[Project]) -> list[str]:
    """What of schemas/ differs from the projects."""
    return [
        f"schemas/{path} differs from its source: run tools/gen_schemas.py"
        for path, text in rendered(projects).items()
        if not os.path.exists(os.path.join(SCHEMAS, path)) or _bytes(os.path.join(SCHEMAS, path)).decode() != text
    ]


def verify() -> list[str]:
    """What of schemas/ does not fit its own digests, names or constraints (needs no CRDs)."""
    projects = [load(name) for name in GROUPS]
    problems = check(projects)
    for project in projects:
        for name, node in project.pool.items():
            digest = hashlib.sha256(_line(node).encode()).hexdigest()[:8]
            if name not in {digest, node.get("type")}:
                problems.append(f"schemas/{project.name}/pool.json: {name} has been edited by hand")
            for rule in node.get("x-kubernetes-validations", ()):
                if _NAMES.get(rule["rule"]) != rule["name"]:
                    problems.append(f"schemas/{project.name}/pool.json: {name} has a rule unknown to constraints/")
    return problems


def main() -> int:
    """The command line; 0 if all is well."""
    parser = argparse.ArgumentParser(description="write schemas/ from the CRDs of Istio and the Gateway API")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if schemas/ is not as generated")
    parser.add_argument("command", nargs="*", help="add PROJECT RELEASE FILE... | all FOLDER | [FOLDER] with --check")
    options = parser.parse_args()
    match options.command:
        case folders if options.check and len(folders) <= 1:
            folder = folders[0] if folders else REFERENCE
            problems = verify() + (compare(folder) if folders or os.path.isdir(folder) else [])
            print("\n".join(problems) or "schemas/ is as generated")
            return 1 if problems else 0
        case ["all", folder]:
            write(from_folder(folder))
        case ["add", name, release, *files] if name in GROUPS and files:
            projects = {project: load(project) for project in GROUPS}
            projects[name].add(release, files)
            write(list(projects.values()))
        case _:
            parser.error("see the head of this file")
    return 0


if __name__ == "__main__":
    sys.exit(main())
