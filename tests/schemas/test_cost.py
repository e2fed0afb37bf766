"""What a run pays for schemas: nothing of jsonschema, and none of CEL's parser for a plain document."""

import subprocess
import sys

from support import ROOT

PROGRAM = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/tests"]
from meshlint.schemas import Catalog
catalog = Catalog()
document = {{"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {{"name": "a"}},
    "spec": {{"hosts": ["a"], "http": [{{"timeout": "5s", "route": [{{"destination": {{"host": "a"}}}}]}}]}}}}
assert catalog.problems(document) == []
light = {{name for name in sys.modules if name.startswith("meshlint.schemas")}}
assert "jsonschema" not in sys.modules
assert not light & {{"meshlint.schemas.cel.parser", "meshlint.schemas.explain", "meshlint.schemas.keywords"}}, light
assert not {{"json", "pathlib", "hashlib", "logging", "difflib", "importlib.metadata"}} & set(sys.modules) - before
from schemas.samples import example, kinds
from meshlint.schemas.versions import Target
for entry in kinds(Target()):
    assert catalog.valid(example(entry)), entry.kind
    catalog.deprecated(example(entry))
assert "jsonschema" not in sys.modules
"""


def test_valid_documents_import_no_jsonschema() -> None:
    program = "import sys, msgspec; before = set(sys.modules)\n" + PROGRAM.format(root=str(ROOT))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
