"""The same input gives the same output, byte for byte, in whatever order Python puts its sets."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ENTRY = """\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: entry-%s, namespace: %s}
spec:
  hosts: [api.example.com, www.example.com]
  exportTo: %s
  resolution: DNS
  ports: [{number: 443, name: port, protocol: %s}]
"""
EXPORTS = (
    ("['*']", "HTTPS"),
    ("[blue, green, red, yellow]", "HTTPS"),
    *((f"[{color}]", "TLS") for color in ("blue", "green", "red", "yellow")),
)


def _output(seed: int, *paths: Path) -> bytes:
    command = [sys.executable, "-m", "meshlint", *map(str, paths), "-f", "json", "--select", "ALL", "--no-cache"]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)}
    found = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert found.returncode == 1, found.stderr
    return found.stdout


def test_sets_of_another_order_make_no_difference(tmp_path: Path) -> None:
    text = "---\n".join(ENTRY % (number, "shop", *exported) for number, exported in enumerate(EXPORTS))
    (tmp_path / "entries.yaml").write_text(text, encoding="utf-8")
    outputs = {_output(seed, tmp_path, ROOT / "examples", ROOT / "tests" / "meshes") for seed in range(1, 7)}
    assert len(outputs) == 1
