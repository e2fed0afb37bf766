"""Write the skeleton of a rule: `make new-rule CODE=ML299 NAME=bad-thing TOPIC=routing`."""

import re
import sys
from pathlib import Path

from meshlint.registry import built_in

ROOT = Path(__file__).resolve().parent.parent

_SKELETON = '''"""One sentence that says what is wrong.

What happens at run time, and why nothing else says so. Source: https://istio.io/...

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]  # {code}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: reviews
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule


@rule("{code}", "{name}", severity=Severity.WARNING, since="{since}")
def check(virtual_service: VirtualService) -> Findings:
    spec = virtual_service.spec
    if spec and not spec.http:
        yield finding(
            at(virtual_service, spec, "hosts"),
            "say what is wrong here, with the value, and what happens at run time",
            help="say what to write instead",
        )
'''


def main() -> int:
    """Check the three words, write the file."""
    if len(sys.argv) != 4:
        print("usage: make new-rule CODE=ML299 NAME=bad-thing TOPIC=routing", file=sys.stderr)
        return 2
    code, name, topic = sys.argv[1:]
    taken = {word for meta in built_in() for word in (meta.code, meta.name)}
    folder = ROOT / "rules" / topic
    wrong = [
        (not re.fullmatch(r"ML\d{3}", code), f"{code} is no code: ML and three digits"),
        (not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), f"{name} is no name: lower-case words with dashes"),
        (code in taken, f"{code} is taken"),
        (name in taken, f"{name} is taken"),
        (not folder.is_dir(), f"rules/{topic} is no folder: {', '.join(_topics())}"),
    ]
    for bad, message in wrong:
        if bad:
            print(f"error: {message}", file=sys.stderr)
            return 2
    path = folder / f"{name.replace('-', '_')}.py"
    from meshlint import __version__

    path.write_text(_SKELETON.format(code=code, name=name, since=__version__), encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}: its examples are its first test (`make test`), `make docs` writes its page")
    return 0


def _topics() -> list[str]:
    return sorted(path.name for path in (ROOT / "rules").iterdir() if path.is_dir() and path.name[0] not in "._")


if __name__ == "__main__":
    sys.exit(main())
