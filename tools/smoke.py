"""Build the wheel through the sdist, install it into an empty environment, and compare it with the checkout."""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Build, install, compare the list of rules and the findings on the examples."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        _run([sys.executable, "-m", "build", "-q", "--no-isolation", "--outdir", str(work / "dist"), str(ROOT)])
        (wheel,) = (work / "dist").glob("*.whl")
        venv.create(work / "env", with_pip=True)
        python = work / "env" / "bin" / "python"
        _run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)])
        installed, checkout = _facts(str(python), work), _facts(sys.executable, work)
    rules = sum(1 for path in (ROOT / "rules").rglob("*.py") if path.name[0] != "_")
    wrong = [what for what in installed if installed[what] != checkout[what]]
    if len(installed["rules"]) != rules or wrong:
        print(
            f"the wheel differs from the checkout: {wrong}, {len(installed['rules'])} of {rules} rules", file=sys.stderr
        )
        return 1
    return 0


def _facts(python: str, folder: Path) -> dict[str, list[object]]:
    """Rules and findings as one interpreter sees them, run away from the checkout."""
    rules = _run([python, "-m", "meshlint", "explain"], folder).splitlines()
    report = _run([python, "-m", "meshlint", "-f", "json", "-q", "--fail-on", "never", str(ROOT / "examples")], folder)
    return {"rules": list(rules), "findings": json.loads(report)["findings"]}


def _run(command: list[str], folder: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
