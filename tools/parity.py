"""How far meshlint agrees with Istio's and Kiali's own tests: figures per kind, and every difference.

python tools/parity.py [SECTION ...] [--record]

The inputs are reference material that no checkout has (MESHLINT_SHARED names its folder); what was
last measured is in tools/agreement/recorded.json, and tests/validity/test_parity.py holds it.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.agreement import analyze, kiali, kiali_helpers, webhook  # noqa: E402
from tools.agreement.section import record  # noqa: E402

SECTIONS = {module.NAME: module for module in (webhook, analyze, kiali, kiali_helpers)}


def main() -> int:
    """Run the command line; 1 if the reference material is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; default: all")
    parser.add_argument("--record", action="store_true", help="write the figures to tools/agreement/recorded.json")
    arguments = parser.parse_args()
    shared = Path(os.environ.get("MESHLINT_SHARED", ROOT.parent / "shared"))
    if not (shared / "cases").is_dir():
        print(f"parity: no reference material in {shared}; set MESHLINT_SHARED", file=sys.stderr)
        return 1
    measured = [SECTIONS[name].measure(shared) for name in arguments.sections or SECTIONS]
    print("\n\n".join(section.table() for section in measured))
    if arguments.record:
        record(measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
