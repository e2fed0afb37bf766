"""Build the documentation site strictly, and make sure that reading it asks nothing of a network."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video)\b[^>]*\bsrc=[\"']?(?:https?:)?//"
    r"|<link\b(?=[^>]*rel=[\"']?(?:stylesheet|preload|preconnect|icon))[^>]*href=[\"']?(?:https?:)?//(?!meshlint\.dev)"
)
_FETCHED_BY_STYLES = re.compile(r"(?:@import|url\()\s*[\"']?(?:https?:)?//")


def main() -> int:
    """Build into a folder that is thrown away; 1 for a warning, or for something that would be fetched."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        fetched = list(_fetched(Path(folder)))
    for place in fetched:
        print(f"asks a network: {place}", file=sys.stderr)
    return 1 if done.returncode or fetched else 0


def _fetched(site: Path) -> Iterator[str]:
    for path in sorted(site.rglob("*")):
        pattern = {".html": _FETCHED, ".css": _FETCHED_BY_STYLES}.get(path.suffix)
        found = pattern.search(path.read_text(encoding="utf-8")) if pattern else None
        if found:
            yield f"{path.relative_to(site)}: {found.group()}"


if __name__ == "__main__":
    sys.exit(main())
