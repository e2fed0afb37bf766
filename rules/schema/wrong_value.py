"""A value of the wrong type, or outside of what the field allows.

The API server refuses the whole resource, and what was applied before stays in force. In YAML the
type depends on the quotes: `"80"` is a text and no number, `1` is a number and no text, and `on`
is `true`.

A value that only later releases take is [newer-field](ML108.md).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: [payments.example.com]
  location: MESH_EXTERNL  # ML102
  resolution: DNS
  ports:
  - number: "443"  # ML102
    name: https
    protocol: TLS
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: [payments.example.com]
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
  - number: 443
    name: https
    protocol: TLS
```
"""

from typing import Any

from meshlint.api import Edit, Findings, Fix, Severity, WrongValue, finding, rule, shown
from meshlint.mesh.placeholders import is_placeholder

from ._places import leaf

_REFUSERS = {"MeshConfig": "istiod", "MeshNetworks": "istiod", "IstioOperator": "`istioctl install`"}


@rule("ML102", "wrong-value", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(problem: WrongValue) -> Findings:
    if problem.since is not None:
        return  # said by newer-field
    if isinstance(problem.value, str) and is_placeholder(problem.value):
        return  # `${PORT}`: whoever fills it in knows the value
    name = leaf(problem.field)
    yield finding(
        problem.spot,
        f"`{name}` must be {problem.expected}, not {_given(problem)}: {_refuser(problem)} refuses this {problem.kind}",
        help=_help(problem),
        fix=_fix(problem),
    )


def _refuser(problem: WrongValue) -> str:
    """Mesh config is text to the API server, and istiod decodes it; an IstioOperator never gets there."""
    return _REFUSERS.get(problem.kind, "the API server")


def _given(problem: WrongValue) -> str:
    """What is there instead: how many there are, where their number is wrong."""
    if problem.keyword in {"minItems", "maxItems", "minProperties", "maxProperties"}:
        return str(len(problem.value)) if problem.value else "an empty " + _written(problem)[2:]
    return _written(problem)


def _written(problem: WrongValue) -> str:
    """The value as it is written; a text that looks like something else in its quotes."""
    value = problem.value
    if problem.written is not None:
        return f"`{problem.written}`"
    if isinstance(value, dict | list):
        return shown(value)
    if isinstance(value, str) and (not value or _plain(value) != value):
        return f'`"{shown(value)}"`'
    return f"`{shown(value)}`"


def _help(problem: WrongValue) -> str:
    if problem.nearest is None:
        return problem.help or f"write {problem.expected}"
    if problem.keyword == "type":
        return f"write `{problem.nearest}`" + (f": {problem.help}" if problem.help else "")
    return f"did you mean `{problem.nearest}`?"


def _fix(problem: WrongValue) -> Fix | None:
    """Write what was meant, where nothing else could be: another spelling of the same scalar, or a legal name."""
    if problem.nearest is None or isinstance(problem.value, dict | list):
        return None
    if problem.keyword == "type" and problem.nearest.strip('"') != (problem.written or shown(problem.value)):
        return None
    value = _plain(problem.nearest)
    return Fix(f"write `{problem.nearest}`", (Edit(problem.spot, "set", value),))


def _plain(text: str) -> Any:
    """The value of a scalar that `WrongValue.nearest` spells."""
    if text[:1] == text[-1:] == '"' and len(text) > 1:
        return text[1:-1]
    if text in {"true", "false"}:
        return text == "true"
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
