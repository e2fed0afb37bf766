"""The linter that anyone would write first: read with ruamel.yaml, validate with jsonschema. To compare with."""

import sys
from pathlib import Path

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

_SCHEMA = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata"],
    "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object", "required": ["name"], "additionalProperties": True},
        "spec": {"type": "object", "additionalProperties": True},
    },
}


def main(folder: str) -> int:
    """Read everything with places; how many documents are not as the schema wants."""
    yaml, validator = YAML(), Draft202012Validator(_SCHEMA)
    return sum(
        not validator.is_valid(document)
        for path in sorted(Path(folder).rglob("*.yaml"))
        for document in yaml.load_all(path.read_text(encoding="utf-8"))
    )


if __name__ == "__main__":
    print(main(sys.argv[1]))
