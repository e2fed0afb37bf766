"""Who may see a resource."""

import pytest
from mesh.building import build, named


def _resource(kind: str, spec: str = "{}", annotation: str = "") -> str:
    api = "v1" if kind == "Service" else "networking.istio.io/v1"
    noted = f', annotations: {{networking.istio.io/exportTo: "{annotation}"}}' if annotation else ""
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: it, namespace: shop{noted}}}\nspec: {spec}\n"


def _seen(text: str, **context) -> list[bool]:
    mesh = build(text, **context)
    return [mesh.visibility.visible(named(mesh, "it"), namespace) for namespace in ("shop", "web", "app")]


_ALL, _OWN, _NONE, _WEB = [True, True, True], [True, False, False], [False, False, False], [False, True, False]


@pytest.mark.parametrize("kind", ["VirtualService", "DestinationRule", "ServiceEntry"])
@pytest.mark.parametrize(
    ("exports", "expected"),
    [
        # initVirtualServices, initServiceRegistry, setDestinationRules in pilot/pkg/model/push_context.go
        ("[]", _ALL),
        ('["*"]', _ALL),
        ('["."]', _OWN),
        ("[shop]", _OWN),
        ("[web]", _WEB),
        ('[".", web]', [True, True, False]),
        ('["~"]', _NONE),
        ('[".", "*"]', _ALL),
        ("[nowhere]", _NONE),
    ],
)
def test_export_to(kind, exports, expected):
    assert _seen(_resource(kind, f"{{exportTo: {exports}}}")) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("", _ALL),
        ("*", _ALL),
        (".", _OWN),
        ("web", _WEB),
        (" ., web ", [True, True, False]),
        ("~", _NONE),
        ("~,web", _NONE),
    ],
)
def test_the_annotation_of_a_service(annotation, expected):
    # ConvertService in pilot/pkg/serviceregistry/kube/conversion.go
    assert _seen(_resource("Service", annotation=annotation)) == expected


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("VirtualService", "defaultVirtualServiceExportTo"),
        ("ServiceEntry", "defaultServiceExportTo"),
        ("Service", "defaultServiceExportTo"),
        ("DestinationRule", "defaultDestinationRuleExportTo"),
    ],
)
def test_the_default_of_the_mesh(kind, setting):
    assert _seen(_resource(kind), mesh_config={setting: ["."]}) == _OWN
    own = "*" if kind == "Service" else ""
    assert (
        _seen(_resource(kind, '{exportTo: ["*"]}' if kind != "Service" else "{}", own), mesh_config={setting: ["."]})
        == _ALL
    )


def test_of_the_default_for_destination_rules_names_do_not_count():
    assert _seen(_resource("DestinationRule"), mesh_config={"defaultDestinationRuleExportTo": ["web"]}) == _ALL


def test_a_destination_rule_with_a_workload_selector_is_private():
    spec = '{workloadSelector: {matchLabels: {a: b}}, exportTo: ["*"]}'
    assert _seen(_resource("DestinationRule", spec)) == _OWN


def test_what_cannot_be_read_is_taken_for_visible():
    assert _seen(_resource("DestinationRule", "7")) == _ALL
