"""Write everything that is generated from the rules, or with `--check` say what is out of date.

Generated: the rule index (`rules/index.json`), a page per rule with indexes (`docs/rules/`), the page of the commands,
the picture of a run, and the JSON Schema of the configuration file (`schemas/config.json`).
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from meshlint.cli.options import help_texts
from meshlint.config.schema import schema
from meshlint.registry import built_in, write_index
from meshlint.report.formats import FORMATS
from tools.pages import commands, indexes, picture
from tools.pages.rules import crashed_page, entries, rule_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "rules"


def outputs() -> dict[Path, str]:
    """Every generated file with its text."""
    rules = sorted(built_in(), key=lambda meta: meta.code)
    files = {ROOT / "rules" / "index.json": write_index()}
    files[ROOT / "schemas" / "config.json"] = json.dumps(schema(rules, FORMATS, help_texts()), indent=1) + "\n"
    files[ROOT / "docs" / "commands.md"] = commands.page()
    files[ROOT / "docs" / "images" / "run.svg"] = picture.svg()
    files |= {PAGES / name: text for name, text in indexes.pages().items()}
    files |= {PAGES / f"{entry.meta.code}.md": rule_page(entry) for entry in entries()}
    files[PAGES / "ML003.md"] = crashed_page()
    return files


def main() -> int:
    """Write, or with `--check` compare; 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if something is out of date")
    checking = parser.parse_args().check
    files = outputs()
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    gone = [path for path in PAGES.glob("*.md") if path not in files]
    if checking:
        for path in (*stale, *gone):
            print(f"out of date: {path.relative_to(ROOT)} (run `make docs`)", file=sys.stderr)
        return 1 if stale or gone else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    for path in gone:
        path.unlink()
    (ROOT / "rules" / "index.json").touch()  # else rules that are newer would be asked themselves, at every start
    print(f"{len(files)} files, {len(stale)} written, {len(gone)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
