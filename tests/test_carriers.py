"""Mesh configuration wherever a repository keeps it: where its faults are reported, and what the mesh learns of it."""

from pathlib import Path

import pytest
from layouts.trees import found, plant
from support import report

from meshlint.carriers import carried, carried_by_values, carries, carries_values, values_of_file
from meshlint.mesh.context import Entry, Origin
from meshlint.mesh.mesh import Mesh
from meshlint.model.kinds import convert
from meshlint.reading import content

HEAD = "metadata: {name: istiod, namespace: istio-system}\n"
FLUX = f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n{HEAD}"
ARGO = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\n{HEAD}"
SAIL = f"apiVersion: sailoperator.io/v1\nkind: Istio\n{HEAD}"
K3S = f"apiVersion: helm.cattle.io/v1\nkind: HelmChart\n{HEAD}"

IN_SAIL = f"""\
{SAIL}spec:
  values:
    meshConfig:
      trustDomian: a
"""
IN_FLUX = f"""\
{FLUX}spec:
  chart: {{spec: {{chart: istiod}}}}
  values:
    meshConfig:
      trustDomian: a
"""
BY_REFERENCE = f"""\
{FLUX}spec:
  chartRef: {{kind: OCIRepository, name: istiod}}
  values:
    meshConfig:
      trustDomian: a
"""
IN_TEXT_OF_ARGO = f"""\
{ARGO}spec:
  source:
    chart: istiod
    helm:
      values: |
        # what differs here
        meshConfig:
          trustDomian: a
"""
IN_OBJECT_OF_ARGO = f"""\
{ARGO}spec:
  sources:
  - path: gateways
  - chart: istiod
    helm:
      valuesObject:
        meshConfig:
          trustDomian: a
"""
IN_K3S = f"""\
{K3S}spec:
  chart: istio/istiod
  valuesContent: |-
    meshConfig:
      trustDomian: a
"""
BELOW_THE_NAME = f"""\
{FLUX}spec:
  chart: {{spec: {{chart: platform}}}}
  values:
    istiod:
      meshConfig:
        trustDomian: a
"""
IN_A_FILE = """\
pilot: {autoscaleMin: 2}
meshConfig:
  trustDomian: a
"""
IN_A_LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: sailoperator.io/v1
  kind: Istio
  metadata: {name: default}
  spec:
    values:
      meshConfig:
        trustDomian: a
"""


@pytest.mark.parametrize(
    "text",
    [
        IN_SAIL,
        IN_FLUX,
        BY_REFERENCE,
        IN_TEXT_OF_ARGO,
        IN_OBJECT_OF_ARGO,
        IN_K3S,
        BELOW_THE_NAME,
        IN_A_FILE,
        IN_A_LIST,
    ],
)
def test_a_slip_is_reported_at_its_key(text: str) -> None:
    (found,) = report(text).findings
    assert found.rule == "ML141"
    line = text.splitlines()[found.region.line - 1]
    assert line[found.region.column - 1 : found.region.end_column - 1] == "trustDomian"


def test_a_slip_in_a_text_without_lines_of_its_own_is_reported_at_the_text() -> None:
    text = f'{K3S}spec:\n  chart: istiod\n  valuesContent: "meshConfig: {{trustDomian: a}}"\n'
    (found,) = report(text).findings
    assert (found.rule, found.region.line, found.region.column) == ("ML141", 6, 3)


def test_networks_are_read_from_values_as_the_chart_wraps_them() -> None:
    text = f"{SAIL}spec:\n  values:\n    global:\n      meshNetworks:\n        west: {{endpoint: []}}\n"
    (found,) = report(text).findings
    assert found.rule == "ML141"
    assert "`west` has no field `endpoint`" in found.message


@pytest.mark.parametrize(
    "text",
    [
        f"{FLUX}spec:\n  chart: {{spec: {{chart: shop}}}}\n  values: {{meshConfig: {{trustDomian: a}}}}\n",
        f"{ARGO}spec: {{source: {{chart: istiod, helm: {{valuesObject: {{meshConfig: {{foo: 1}}}}}}}}}}\n".replace(
            "argoproj", "app.k8s"
        ),
        f"{ARGO}spec: {{source: {{chart: istiod, helm: {{values: 'meshConfig: [', valuesObject: []}}}}}}\n",
        f"{ARGO}spec: {{source: {{chart: istiod, helm: {{valuesObject: {{}}, values: 'meshConfig: {{foo: 1}}'}}}}}}\n",
        f"{ARGO}spec: {{sources: istiod, source: [istiod]}}\n",
        f"{ARGO}spec: {{source: {{chart: [istiod], helm: {{valuesObject: {{meshConfig: {{a: 1}}}}}}}}}}\n",
        f"{FLUX}spec: {{chart: {{spec: {{chart: {{}}}}}}, chartRef: {{name: []}}, values: {{meshConfig: {{a: 1}}}}}}\n",
        f"{FLUX}spec: [meshConfig]\n",
        f"{K3S}spec: {{chart: istiod, valuesContent: [meshConfig]}}\n",
        "meshConfig: [trustDomian]\n",
        "- meshConfig: {trustDomian: a}\n",
        "image: shop\nmesh: {meshConfig: {trustDomian: a}}\n",
        "image: shop\nmeshConfig: {enabled: true, gateway: public}\n",
        "global: {env: prod}\nmeshConfig: {provider: istio}\n",
        f"{FLUX}spec:\n  chartRef: {{kind: OCIRepository, name: shop}}\n  values: {{meshConfig: {{enabled: true}}}}\n",
    ],
)
def test_what_is_no_mesh_configuration_of_istio_is_left_alone(text: str) -> None:
    assert [item.rule for item in report(text).findings] == []


def test_a_file_of_values_with_mesh_config_counts_as_read() -> None:
    assert report(IN_A_FILE).summary.skipped == {}
    assert report("image: shop\n").summary.skipped == {"not-kubernetes": 1}


def test_the_message_of_a_deprecated_field_needs_no_resource() -> None:
    (found,) = report("meshConfig:\n  enableTracing: true\n  ingressSelector: a\n  certificates: []\n").findings
    assert (found.rule, found.region.line) == ("ML107", 4)


@pytest.mark.parametrize(
    ("text", "is_part"),
    [
        (IN_SAIL, False),
        (IN_FLUX, False),
        (IN_FLUX + "  valuesFrom: [{kind: ConfigMap, name: more}]\n", True),
        (IN_FLUX + "  postRenderers: [{kustomize: {}}]\n", True),
        (IN_TEXT_OF_ARGO, False),
        (IN_TEXT_OF_ARGO + "      valueFiles: [more.yaml]\n", True),
        (IN_K3S + "\n  set: {global.proxy.clusterDomain: mesh.example}\n", True),
    ],
)
def test_values_that_other_files_complete_are_a_part(text: str, is_part: bool) -> None:
    data = content(text)
    assert carries(data)
    assert [part.is_part for part in carried(data)] == [is_part]


def test_values_files_are_always_a_part() -> None:
    data = content(IN_A_FILE)
    assert carries_values(data)
    assert [part.is_part for values in values_of_file(data) for part in carried_by_values(values)] == [True]


PROVIDER = """\
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: mesh, namespace: istio-system}
spec:
  tracing:
  - providers: [{name: zipkin}]
"""
KNOWN = (
    f"{FLUX}spec:\n  chart: {{spec: {{chart: istiod}}}}\n  values: {{meshConfig: {{rootNamespace: istio-system}}}}\n"
)


def test_the_mesh_config_of_a_release_is_that_of_the_mesh() -> None:
    assert [item.rule for item in report(PROVIDER).findings] == []
    assert [item.rule for item in report(PROVIDER, KNOWN).findings] == ["ML836"]


def test_a_mesh_config_that_may_hold_more_proves_nothing_missing() -> None:
    more = KNOWN + "  valuesFrom: [{kind: ConfigMap, name: more}]\n"
    assert [item.rule for item in report(PROVIDER, more).findings] == []


PATCH = """\
resources: [release.yaml, telemetry.yaml]
patches:
- target: {kind: HelmRelease}
  patch: |
    - {op: add, path: /spec/values/meshConfig/extensionProviders, value: [{name: zipkin}]}
"""


def test_a_mesh_config_that_a_kustomization_patches_proves_nothing_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, f"=== release.yaml\n{KNOWN}\n=== telemetry.yaml\n{PROVIDER}")
    assert {rule for _, _, rule in found(tmp_path, monkeypatch)} == {"ML836"}
    plant(tmp_path, f"=== kustomization.yaml\n{PATCH}")
    assert found(tmp_path, monkeypatch) == set()


def test_a_mesh_config_in_a_file_of_values_is_not_taken_for_the_meshs_own() -> None:
    assert [item.rule for item in report(PROVIDER, "meshConfig: {rootNamespace: istio-system}\n").findings] == []


@pytest.mark.parametrize("values", ["profile: ambient", "global: {profile: ambient}"])
def test_the_profile_in_values_says_whether_ambient_mode_is_installed(values: str) -> None:
    text = f"{FLUX}spec:\n  chart: {{spec: {{chart: istiod}}}}\n  values: {{{values}}}\n"
    entry = Entry(convert(content(text)), Origin(0, 0, "istiod.yaml"))
    assert Mesh([entry]).settings.is_ambient
