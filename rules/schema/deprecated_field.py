"""A field or value that is legal, but should no longer be used.

Some of them istiod still reads, and a later release will not; others do nothing already. The
message says which. Reported are those that Istio's API marks as deprecated, those that only its
documentation calls so, and those that are documented as not implemented; in mesh configuration
too, wherever it is written.

Fields that work as ever, but have a more general successor (`mirror` and `mirrors`, `targetRef`
and `targetRefs`), are reported with the option `superseded`.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      simple: LEAST_CONN  # ML107
    outlierDetection:
      consecutiveErrors: 5  # ML107
      interval: 30s
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 30s
```
"""

import re

from meshlint.api import DeprecatedField, Edit, Findings, Fix, Options, Severity, finding, rule

_NAME = re.compile(r"\w+(?:\.\w+)*")


class Superseded(Options, frozen=True):
    """What is reported besides deprecated fields."""

    superseded: bool = False
    """Report fields that work as ever, but have a more general successor."""


@rule("ML107", "deprecated-field", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0002",))
def check(problem: DeprecatedField, options: Superseded) -> Findings:
    if problem.status == "superseded" and not options.superseded:
        return
    what = f"`{problem.name}: {problem.value}`" if problem.value else f"`{problem.name}`"
    yield finding(
        problem.spot,
        f"{what} {_status(problem)}{_effect(problem)}",
        help=_help(problem),
        equivalents=("IST0002",) if problem.status == "deprecated" else (),
        fix=_fix(problem),
    )


def _fix(problem: DeprecatedField) -> Fix | None:
    """The new place or value, where istiod reads the old one the same way and there is only one."""
    new = problem.replacement
    if problem.status != "deprecated" or not problem.read or new is None or not _NAME.fullmatch(new):
        return None
    if problem.value is not None:
        return Fix(f"write `{new}`", (Edit(problem.spot, "set", new),))
    if "." in new:
        return Fix(f"write `{new}`", (Edit(problem.spot, "move", tuple(new.split("."))),))
    return None  # a plain new name has another type: `allowOrigins` holds matches, `allowOrigin` texts


def _status(problem: DeprecatedField) -> str:
    if problem.status == "superseded":
        return (
            f"has a successor since Istio {problem.since}" if problem.replacement else "is no part of the documentation"
        )
    if problem.status == "unimplemented":
        return "has no effect"
    return f"is deprecated since Istio {problem.since}" if problem.since else "is deprecated"


def _effect(problem: DeprecatedField) -> str:
    """What istiod does with the field today."""
    note = problem.note
    if problem.status != "deprecated":
        return f": {note}" if note else ""
    if problem.read is False:
        said = note if note.startswith("istiod ") else f"istiod ignores it{f', {note}' if note else ''}"
    elif problem.read:
        said = "istiod still reads it" + (f", {note.removeprefix('istiod ')}" if note else "")
    else:
        said = note
    return f": {said}" if said else ""


def _help(problem: DeprecatedField) -> str:
    if problem.replacement is None:
        return "remove it"
    return f"use {' or '.join(_quoted(part) for part in problem.replacement.split(' or '))} instead"


def _quoted(name: str) -> str:
    """A field or value in quotes; words stay words."""
    return name if " " in name else f"`{name}`"
