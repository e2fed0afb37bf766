r"""A pattern in a match that takes text literally.

`exact` and `prefix` compare characters: `*`, `.*` and `^` stand for themselves, so that a match such as
`prefix: /api/*` waits for a path with a star in it and never takes a request
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch>). The requests
go to a later route, or get 404.

Said of text that is plainly a pattern: `.*`, `.+`, `\d`, `\w`, `[a-z]`, `[0-9]`, `[^/]`, a leading `^`; in
a path also `*` as its last segment, in an authority a leading `*.`, in a method `*` and `|`. A single `*`
elsewhere (`accept: */*`), and `$`, are ordinary characters and not reported.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - match:
    - uri:
        prefix: /api/*  # ML260
    route:
    - destination: {host: reviews}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - match:
    - uri: {prefix: /api/}
    - uri: {regex: "/v[0-9]+/.*"}
    route:
    - destination: {host: reviews}
```
"""

import re
from collections.abc import Iterator

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule
from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import HTTPMatchRequest

_PATTERN = r"^\^|\.[*+]|\\[dwsDWS]|\[\^|\[[A-Za-z0-9]-[A-Za-z0-9]"
_OF_PATH = _PATTERN + r"|(^|/)\*\Z"
_OF_AUTHORITY = _PATTERN + r"|^\*\.|^\*\Z"
_OF_METHOD = _PATTERN + r"|[*|]"
_SIGNS = frozenset("^*+\\[|")
"""Each pattern holds one of these at least, and hardly any text does."""


@rule("ML260", "pattern-in-plain-match", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        for match in route.match or ():
            for text, pattern in _texts(match):
                if _SIGNS.isdisjoint((text.exact or "") + (text.prefix or "")):
                    continue
                for form, value in (("exact", text.exact), ("prefix", text.prefix)):
                    if value and re.search(pattern, value):
                        yield finding(
                            at(virtual_service, text, form),
                            f"`{form}` takes `{value}` literally, so this match waits for text with these very characters",
                            help=_advice(form, value),
                        )


def _texts(match: HTTPMatchRequest) -> Iterator[tuple[StringMatch, str]]:
    if match.uri is not None:
        yield match.uri, _OF_PATH
    if match.scheme is not None:
        yield match.scheme, _PATTERN
    if match.method is not None:
        yield match.method, _OF_METHOD
    if match.authority is not None:
        yield match.authority, _OF_AUTHORITY
    for named in (match.headers, match.query_params, match.without_headers):
        for text in named.values() if named else ():
            yield text, _PATTERN


def _advice(form: str, value: str) -> str:
    if value.endswith("/*"):
        return f"write `prefix: {value[:-1]}`"
    return f"write `regex` (RE2, it has to match the whole text) instead of `{form}`, or the text without the pattern"
