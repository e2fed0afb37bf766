"""A report made by hand: every format renders this one in the snapshot tests."""

from meshlint.findings import Identity, Region, Severity
from meshlint.report.model import (
    PlannedEdit,
    PlannedFix,
    RelatedPlace,
    Report,
    Reported,
    RuleInfo,
    Summary,
)

ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - timeout: 2s
    retries: {attempts: 3, perTryTimeout: 2s}
    route:
    - destination: {host: reviews, subset: v3}
  - match: [{uri: {prefix: "/日本語/\\x1b"}}, {uri: {exact: /überraschung}}]
    route:
    - destination: {host: reviews, subset: v9}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings, namespace: shop}
spec: {hosts: [ratings, ratings.shop.svc.cluster.local, ratings.example.com, ratings.example.org, ratings.example.net], http: [{route: [{destination: {host: ratings, subset: blue}, weight: 50}, {destination: {host: ratings, subset: green}, weight: 40}]}]}
"""

SUBSETS = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
"""

BROKEN = "kind: Service\r\nmetadata:\r\n\tname: a\u202eb\r\n"

TEXTS = {"shop/routes.yaml": ROUTES, "shop/sub sets#1.yaml": SUBSETS, "broken/\x1b[31m.yaml": BROKEN}

REVIEWS = Identity("networking.istio.io/v1", "VirtualService", "shop", "reviews")
RATINGS = Identity("networking.istio.io/v1", "VirtualService", "shop", "ratings")
RULE = Identity("networking.istio.io/v1", "DestinationRule", "shop", "reviews")
DOCS = "https://meshlint.dev/rules/"


def region(text: str, part: str, *, after: str = "") -> Region:
    """The region of a text in a file, as the engine would find it."""
    start = text.index(part, text.index(after))
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    return Region(line, column, line, column + len(part))


def lines(path):
    text = TEXTS.get(path)
    return None if text is None else text.replace("\r\n", "\n").split("\n")


def missing_subset(name: str, fingerprint: str) -> Reported:
    return Reported(
        rule="ML204",
        name="missing-subset",
        severity=Severity.ERROR,
        message=f"no DestinationRule for `reviews` defines subset `{name}`, so Envoy answers 503 to every request of this route",
        help="define it in DestinationRule shop/reviews, or did you mean `v2`?",
        url=f"{DOCS}ML204",
        path="shop/routes.yaml",
        region=region(ROUTES, name),
        resource=REVIEWS,
        field="spec.http[0].route[0].destination.subset",
        fingerprint=fingerprint,
        related=(
            RelatedPlace(
                "shop/sub sets#1.yaml",
                region(SUBSETS, "subsets"),
                RULE,
                "spec.subsets",
                "the subsets of `reviews` are defined here",
            ),
        ),
        equivalents=("IST0101", "KIA1107"),
    )


FINDINGS = (
    Reported(
        rule="ML001",
        name="syntax-error",
        severity=Severity.ERROR,
        message="a tab cannot indent YAML",
        help=None,
        url=f"{DOCS}ML001",
        path="broken/\x1b[31m.yaml",
        region=Region(3, 1, 3, 2),
        resource=None,
        field=None,
        fingerprint="0001",
    ),
    Reported(
        rule="ML301",
        name="retries-exceed-timeout",
        severity=Severity.WARNING,
        message="4 tries of 2s do not fit into the timeout of 2s: only the first can run",
        help="raise `timeout` to 8s or lower `perTryTimeout`",
        url=f"{DOCS}ML301",
        path="shop/routes.yaml",
        region=region(ROUTES, "2s", after="perTryTimeout"),
        resource=REVIEWS,
        field="spec.http[0].retries.perTryTimeout",
        fingerprint="0301",
        related=(
            RelatedPlace(
                "shop/routes.yaml", region(ROUTES, "2s"), REVIEWS, "spec.http[0].timeout", "the whole timeout"
            ),
            RelatedPlace(
                "shop/routes.yaml",
                region(ROUTES, "3", after="attempts"),
                REVIEWS,
                "spec.http[0].retries.attempts",
                "the first try and 3 more",
            ),
        ),
        fix=PlannedFix(
            "lower perTryTimeout to 500ms",
            (
                PlannedEdit(
                    "shop/routes.yaml",
                    region(ROUTES, "2s", after="perTryTimeout"),
                    "spec.http[0].retries.perTryTimeout",
                    "set",
                    "500ms",
                ),
            ),
        ),
    ),
    missing_subset("v3", "0204"),
    Reported(
        rule="ML299",
        name="odd-path",
        severity=Severity.INFO,
        message="the path `/日本語/` is matched before it is decoded: 50% of clients send `%E6%97%A5`, and\nthat is another path",
        help=None,
        url=f"{DOCS}ML299",
        path="shop/routes.yaml",
        region=region(ROUTES, '"/日本語/\\x1b"'),
        resource=REVIEWS,
        field="spec.http[1].match[0].uri.prefix",
        fingerprint="0299",
    ),
    Reported(
        rule="ML204",
        name="missing-subset",
        severity=Severity.ERROR,
        message="no DestinationRule for `reviews` defines subset `v9`",
        help=None,
        url=f"{DOCS}ML204",
        path="shop/routes.yaml",
        region=region(ROUTES, "v9"),
        resource=REVIEWS,
        field="spec.http[1].route[0].destination.subset",
        fingerprint="0204b",
        suppressed="rolled out next week",
    ),
    Reported(
        rule="ML201",
        name="odd-weights",
        severity=Severity.WARNING,
        message="the weights add up to 90: Envoy sends 55.6% to `blue` and 44.4% to `green`",
        help="write weights that add up to 100",
        url=f"{DOCS}ML201",
        path="shop/routes.yaml",
        region=region(ROUTES, "40"),
        resource=RATINGS,
        field="spec.http[0].route[1].weight",
        fingerprint="0201",
        related=(
            RelatedPlace(
                "shop/routes.yaml", region(ROUTES, "50"), RATINGS, "spec.http[0].route[0].weight", "the other weight"
            ),
        ),
    ),
    Reported(
        rule="ML401",
        name="permissive-mtls",
        severity=Severity.INFO,
        message="PERMISSIVE lets plain text in",
        help="set mode STRICT",
        url=f"{DOCS}ML401",
        path="<stdin>",
        region=Region(4, 9, 4, 19),
        resource=Identity("security.istio.io/v1", "PeerAuthentication", None, "default"),
        field="spec.mtls.mode",
        fingerprint="0401",
    ),
)


def rule(code: str, name: str, severity: Severity, topic: str, *, default: bool = True) -> RuleInfo:
    summary = f"What {name} is about."
    return RuleInfo(
        code, name, summary, severity, lambda: f"{summary}\n\n### Bad\n```yaml\nkind: A\n```\n", f"{DOCS}{code}", topic,
        ("IST0101",) if code == "ML204" else (), default,
    )  # fmt: skip


RULES = (
    rule("ML001", "syntax-error", Severity.ERROR, "input"),
    rule("ML201", "odd-weights", Severity.WARNING, "routing"),
    rule("ML204", "missing-subset", Severity.ERROR, "routing"),
    rule("ML299", "odd-path", Severity.INFO, "routing", default=False),
    rule("ML301", "retries-exceed-timeout", Severity.WARNING, "resilience"),
    rule("ML401", "permissive-mtls", Severity.INFO, "security"),
)

REPORT = Report(
    findings=sorted(FINDINGS, key=lambda found: (found.path, found.region, found.rule)),
    summary=Summary(
        files=12,
        documents=51,
        resources=43,
        skipped={"template": 1, "not-kubernetes": 7, "unknown-kind": 0},
        findings={Severity.ERROR: 2, Severity.WARNING: 2, Severity.INFO: 2},
        suppressed=1,
        unknown=3,
        notes=("charts/a.yaml is a template and was not read",),
    ),
    rules=lambda: RULES,
    version="1.2.3",
    files=("broken/\x1b[31m.yaml", "shop/clean.yaml", "shop/routes.yaml", "shop/sub sets#1.yaml"),
    lines=lines,
)

CLEAN = Report((), Summary(12, 43, 43, {}, {}), lambda: RULES, "1.2.3", ("a.yaml",), lines)
