"""`make check`: everything but the tests. Each step runs; the first words of a failure name it."""

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# The packages of the site want Python 3.11.5; where they are not installed, another Python checks it.
SITE = {"site": [sys.executable, "tools/site_check.py"]} if find_spec("mkdocs") else {}

STEPS = {
    "format": [str(BIN / "ruff"), "format", "--check", "-q", "."],
    "lint": [str(BIN / "ruff"), "check", "-q", "."],
    "types": [str(BIN / "mypy"), "--no-error-summary"],
    "import contracts": [str(BIN / "lint-imports"), "--no-cache"],
    "generated files": [sys.executable, "tools/generate.py", "--check"],
    "sarif": [sys.executable, "-m", "pytest", "-q", "tests/report/test_report_sarif.py"],
    "schemas": [sys.executable, "tools/gen_schemas.py", "--check"],
    **SITE,
    "wheel": [sys.executable, "tools/smoke.py"],
}


def main() -> int:
    """Run every step; 1 if one failed."""
    failed = []
    for name, command in STEPS.items():
        started = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
        )
        took = time.monotonic() - started
        print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({took:.0f} s)", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    print(f"check: {len(STEPS) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
