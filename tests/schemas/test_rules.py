"""The rules of schema/ through the whole engine: verdicts, places, versions, and one finding a cause."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from schemas.samples import VARIANTS, Mutation, Seen, example, kinds, mutations
from support import ROOT, all_rules, marks, shared

from examples import Example, examples
from meshlint.engine import Input, Settings, lint
from meshlint.findings import Severity
from meshlint.report.model import Reported
from meshlint.schemas import Catalog
from meshlint.schemas.versions import Target
from meshlint.schemas.words import dotted
from meshlint.selection import select
from meshlint.sources import Source

SCHEMA = tuple(code for code, meta in all_rules().items() if meta.topic == "schema")


def judged(
    *texts: str, target: Target | None = None, only: tuple[str, ...] = (), options: Mapping[str, Any] | None = None
) -> list[Reported]:
    """The findings of texts, each a file, against a release that is named."""
    settings = Settings(
        select(list(all_rules().values()), only=only),
        options=options or {},
        target=target or Target(),
        detect_version=False,
    )
    sources = [Source(f"{number:05}.yaml", text, named=True) for number, text in enumerate(texts)]
    return list(lint(Input(sources), settings).findings)


def cases() -> list[Any]:
    folder = shared()
    if folder is None:
        return []
    with open(folder / "cases" / "istio-crd" / "cases.json", encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['id']} {case['expect']}")
def test_verdicts_of_istios_own_tests_of_its_crds(case: dict[str, Any]) -> None:
    errors = [item for item in judged(case["text"], only=("ML1",)) if item.severity is Severity.ERROR]
    refused = [item for item in errors if item.rule in SCHEMA]
    assert bool(refused) == (case["expect"] == "invalid")


def single_mutations(step: int) -> list[tuple[str, Mutation]]:
    """Every `step`-th of all single mutations of full examples of every kind of the newest releases."""
    seen: Seen = set()
    catalog = Catalog()
    found = []
    for entry in kinds(Target()):
        own = catalog.entry(entry.api_version, entry.kind)
        assert own is not None
        for variant in range(VARIANTS):
            found += [(entry.kind, item) for item in mutations(own, example(entry, variant), seen)]
    return found[::step]


def test_each_single_mutation_is_one_finding_at_its_place() -> None:
    """With `single_mutations(1)` (1335 documents, 7 s) the same holds for every field."""
    mutated = single_mutations(step=5)
    assert len(mutated) > 250
    texts = [msgspec.json.encode(mutation.document).decode() for _, mutation in mutated]
    by_path: dict[str, list[Reported]] = {}
    for item in judged(*texts):
        by_path.setdefault(item.path, []).append(item)
    for number, (kind, mutation) in enumerate(mutated):
        said = by_path.get(f"{number:05}.yaml", [])
        field = dotted(mutation.path) or None
        refused = [item.field for item in said if item.rule in SCHEMA and item.severity is Severity.ERROR]
        assert refused == [field], (kind, mutation.what, said)
        is_drop = mutation.what.startswith("drop")
        there = [item.rule for item in said if (item.field == field if is_drop else is_within(item.field, field))]
        assert len(there) == 1, (kind, mutation.what, there)


def is_within(field: str | None, outer: str | None) -> bool:
    return field == outer or str(field).startswith((f"{outer}.", f"{outer}["))


def target_of(example_: Example) -> Target:
    """The releases that the options of an example name."""
    words = example_.options.split()
    given = dict(zip(words[::2], words[1::2], strict=True))
    new = Target()
    return Target(given.get("--istio-version", new.istio), given.get("--gateway-api-version", new.gateway_api))


@pytest.mark.parametrize(
    "example_", examples((ROOT / "docs" / "versions.md").read_text(encoding="utf-8")), ids=lambda item: item.options
)
def test_what_the_page_on_versions_shows_is_so(example_: Example) -> None:
    (text,) = example_.texts
    found = judged(text, target=target_of(example_))
    assert {(item.region.line, item.rule) for item in found} == marks(text)


def test_upgrading_is_shown_in_both_directions() -> None:
    pages = examples((ROOT / "docs" / "versions.md").read_text(encoding="utf-8"))
    old_only, _, new_only, _ = (page.texts[0] for page in pages)
    assert not judged(old_only, target=Target("1.20"))
    assert judged(old_only)
    assert not judged(new_only)
    assert judged(new_only, target=Target("1.20"))


VIRTUAL_SERVICE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews.shop.svc.cluster.local]
  http:
  - route: [{destination: {host: reviews.shop.svc.cluster.local}}]
    %s
"""


@pytest.mark.parametrize(
    ("line", "advice", "fix"),
    [
        ("timeOut: 5s", "did you mean `timeout`?", "rename `timeOut` to `timeout`"),
        ("retries: {attempts: 2, per_try_timeout: 1s}", "did you mean `perTryTimeout`?", "perTryTimeout"),
        # The value would be illegal there too: no rename that only leads to the next error.
        ("rewrit: {url: /}", "did you mean `rewrite`?", None),
        ("retries: {timeout: 5s}", "`timeout` belongs one level up, in `spec.http[]`", None),
        ("fault: {delay: {timeout: 5s}}", "`timeout` belongs 2 levels up, in `spec.http[]`", None),
        ("perTryTimeout: 5s", "`perTryTimeout` belongs one level down, in `spec.http[].retries`", None),
        ("attempts: 3", "`attempts` belongs one level down, in `spec.http[].retries`", None),
        ("zzzyx: 1", "remove it; known here are `corsPolicy`, ", None),
    ],
)
def test_an_unknown_field_says_what_to_write(line: str, advice: str, fix: str | None) -> None:
    (item,) = judged(VIRTUAL_SERVICE % line, only=("ML101",))
    assert str(item.help).startswith(advice)
    assert (item.fix is None) == (fix is None)
    assert item.fix is None or str(fix) in item.fix.description


@pytest.mark.parametrize(
    ("line", "message", "advice", "fix"),
    [
        ('retries: {attempts: "3"}', '`attempts` must be a whole number, not `"3"`', "write `3`", "write `3`"),
        ("retries: {attempts: three}", "`attempts` must be a whole number, not `three`", "write a whole number", None),
        ("retries: {retryOn: 503}", "`retryOn` must be a text, not `503`", 'write `"503"`', 'write `"503"`'),
        ("timeout: 5", "`timeout` must be a duration", "write `5s`", None),
        ("match: {uri: {exact: /}}", "`match` must be a list, not a mapping", "begin the first line", None),
    ],
)
def test_a_wrong_value_says_what_to_write(line: str, message: str, advice: str, fix: str | None) -> None:
    (item,) = judged(VIRTUAL_SERVICE % line, only=("ML102",))
    assert item.message.startswith(message)
    assert str(item.help).startswith(advice)
    assert (item.fix.description if item.fix else None) == fix


def test_a_schema_problem_hides_what_other_rules_say_of_the_value_but_a_deprecation_hides_nothing() -> None:
    broken = VIRTUAL_SERVICE % "mirrorPercent: a lot"
    assert [item.rule for item in judged(broken)] == ["ML102"]
    deprecated = VIRTUAL_SERVICE % "mirrorPercent: 50"
    assert [item.rule for item in judged(deprecated, only=("ML1",))] == ["ML107"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [("fault: {abort: {http2Error: a, percentage: {value: 5}}}", "ML110"), ("mirrorPercent: 150", "ML110")],
)
def test_what_istiod_refuses_is_not_called_deprecated_besides(line: str, rule: str) -> None:
    text = VIRTUAL_SERVICE % f"{line}\n    mirror: {{host: reviews.shop.svc.cluster.local}}"
    assert [item.rule for item in judged(text, only=("ML1",))] == [rule]
    assert [item.rule for item in judged(text, only=("ML107",))] == ["ML107"]


def test_superseded_fields_are_reported_to_who_asks() -> None:
    text = VIRTUAL_SERVICE % "mirror: {host: reviews.shop.svc.cluster.local}"
    assert not judged(text, only=("ML107",))
    (item,) = judged(text, only=("ML107",), options={"ML107": {"superseded": True}})
    assert item.help == "use `mirrors` instead"


SERVICE_ENTRY = """\
apiVersion: networking.istio.io/v1beta1
kind: ServiceEntry
metadata: {name: a, namespace: shop}
spec:
  hosts: ["*.example.com"]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: DYNAMIC_DNS
"""


def test_a_value_newer_than_the_target_is_no_wrong_value() -> None:
    (item,) = judged(SERVICE_ENTRY, target=Target("1.27"), only=("ML10",))
    assert item.rule == "ML108"
    assert "exists since Istio 1.28; Istio 1.27 refuses" in item.message
    assert not judged(SERVICE_ENTRY, target=Target("1.28"), only=("ML10",))


@pytest.mark.parametrize(
    ("api_version", "kind", "target", "message", "advice"),
    [
        (
            "networking.istio.io/v1",
            "VirtualService",
            Target("1.21"),
            "Istio 1.21 serves no VirtualService of `networking.istio.io/v1`, which came with Istio 1.22",
            "write `apiVersion: networking.istio.io/v1alpha3` or `apiVersion: networking.istio.io/v1beta1`",
        ),
        (
            "extensions.istio.io/v1alpha1",
            "TrafficExtension",
            Target("1.22"),
            "Istio 1.22 serves no TrafficExtension",
            "it needs Istio ",
        ),
        (
            "gateway.networking.x-k8s.io/v1alpha1",
            "XListenerSet",
            Target(),
            "Gateway API 1.6 serves no XListenerSet of `gateway.networking.x-k8s.io/v1alpha1`, which went after Gateway API",
            "use `gateway.networking.k8s.io/v1 ListenerSet` instead",
        ),
    ],
)
def test_an_unserved_version_says_since_or_until_when(
    api_version: str, kind: str, target: Target, message: str, advice: str
) -> None:
    (item,) = judged(f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a}}\n", target=target, only=("ML10",))
    assert item.rule == "ML105"
    assert item.message.startswith(message)
    assert str(item.help).startswith(advice)


HTTP_ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec: {parentRefs: [{name: a}], rules: [{backendRefs: [{name: a, port: 80}], retry: {attempts: 3}}]}
"""


def test_the_experimental_channel_is_allowed_unless_the_standard_one_is_named() -> None:
    assert not judged(HTTP_ROUTE, target=Target(gateway_api="1.2"), only=("ML10",))
    (item,) = judged(HTTP_ROUTE, target=Target(gateway_api="1.2-standard"), only=("ML10",))
    assert item.rule == "ML101"
    assert str(item.help).startswith("it is of the experimental channel")
    (item,) = judged(HTTP_ROUTE, target=Target(gateway_api="1.1"), only=("ML10",))
    assert item.rule == "ML108"
