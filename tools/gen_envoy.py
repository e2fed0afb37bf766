"""Write `schemas/envoy/messages.json`: the fields of Envoy's API v3, for the values of EnvoyFilters.

    pip download --no-deps envoy-data-plane==2.2.0 && unzip envoy_data_plane-*.whl -d FOLDER
    tools/gen_envoy.py FOLDER

The package is a translation of Envoy's API to Python classes; only names and types are taken from
it. It is read as text: nothing of it is imported or run. The file holds one message a line, by
full name, and each field's kind in the notation of `meshlint/schemas/envoy.py`.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "schemas" / "envoy" / "messages.json"
_OLD = re.compile(r"envoy\..*\.v2(alpha\d*)?(\.|\Z)|envoy\.api\.v2")
_OURS = ("envoy.", "xds.", "udpa.")
_SCALARS = {"TYPE_STRING": "s", "TYPE_BYTES": "s", "TYPE_BOOL": "b", "TYPE_ENUM": "e"}
_WELL_KNOWN = {
    "Any": "@",
    "BoolValue": "b",
    "BytesValue": "s",
    "Duration": "d",
    "StringValue": "s",
    "Timestamp": "s",
    **dict.fromkeys(
        ("DoubleValue", "FloatValue", "Int32Value", "Int64Value", "UInt32Value", "UInt64Value"),
        "n",
    ),
}


class Module:
    """One package of messages: its classes, and what their names mean."""

    def __init__(self, path: Path, root: Path) -> None:
        self.parts = path.parent.relative_to(root).parts
        self.package = ".".join(self.parts)
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.names = dict(self._registered())
        self.imports = dict(self._imported())

    def _registered(self) -> Iterator[tuple[str, str]]:
        """Class to the full name of its message."""
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("register_message"):
                package, name, owner = call.args
                yield ast.unparse(owner), f"{ast.literal_eval(package)}.{ast.literal_eval(name)}"

    def _imported(self) -> Iterator[tuple[str, str]]:
        """Alias to package: `from ....type import v3 as ___type__v3__`. The first level is the module's own package."""
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.level:
                base = self.parts[: len(self.parts) - (node.level - 1)]
                for alias in node.names:
                    inside = node.module.split(".") if node.module else []
                    yield alias.asname or alias.name, ".".join((*base, *inside, alias.name))


def main() -> int:
    """Read the unpacked package, write the file."""
    root = Path(sys.argv[1]) / "envoy_data_plane"
    modules = {
        module.package: module
        for path in sorted(root.rglob("__init__.py"))
        for module in (Module(path, root),)
        if module.names and module.package.startswith(_OURS) and not _OLD.match(module.package)
    }
    messages = {
        module.names[node.name]: dict(_fields(node, module, modules))
        for module in modules.values()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and node.name in module.names
    }
    rows = [f"{json.dumps(name)}: {json.dumps(fields)}" for name, fields in sorted(messages.items())]
    TARGET.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    print(f"{len(messages)} messages, {TARGET.stat().st_size // 1024} KiB")
    return 0


def _fields(node: ast.ClassDef, module: Module, modules: dict[str, Module]) -> Iterator[tuple[str, str]]:
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.value, ast.Call) and isinstance(item.target, ast.Name):
            yield item.target.id.rstrip("_"), _kind(item, item.value, module, modules)


def _kind(item: ast.AnnAssign, call: ast.Call, module: Module, modules: dict[str, Module]) -> str:
    type_name = ast.unparse(call.args[1]).rpartition(".")[2]
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    annotation = str(ast.literal_eval(item.annotation))
    if type_name == "TYPE_MAP":
        value = ast.unparse(options["map_meta"]).rpartition("TYPE_")[2].rstrip(")")
        inner = annotation.partition(", ")[2].removesuffix("]")
        return "{" + _of(f"TYPE_{value}", inner, None, module, modules)
    unwrap = ast.unparse(options["unwrap"]).rpartition(".")[2] if "unwrap" in options else None
    inner = re.sub(r"\Alist\[(.*)\]\Z", r"\1", annotation.removesuffix(" | None"))
    return ("[" if "repeated" in options else "") + _of(type_name, inner, unwrap, module, modules)


def _of(type_name: str, inner: str, unwrap: str | None, module: Module, modules: dict[str, Module]) -> str:
    if type_name != "TYPE_MESSAGE":
        return _SCALARS.get(type_name, "n")
    if unwrap:
        return _WELL_KNOWN.get(unwrap, "*")
    alias, dot, name = inner.rpartition(".")
    package = module.imports.get(alias, "") if dot else module.package
    if package == "google.protobuf":
        return _WELL_KNOWN.get(name, "*")
    home = modules.get(package)
    return home.names.get(name, "*") if home else "*"


if __name__ == "__main__":
    sys.exit(main())
