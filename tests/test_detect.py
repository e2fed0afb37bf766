"""Which release of Istio the input is taken to install, and what is said about it."""

import pytest
from support import report

from meshlint.detect import detect
from meshlint.schemas.versions import NEWEST_ISTIO
from meshlint.sources import Source

OPERATOR = """\
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: mesh, namespace: istio-system}
spec: {%s}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: istio-system}
spec:
  template:
    metadata: {labels: {app: istiod, app.kubernetes.io/version: 1.21.0, istio.io/rev: 1-21}}
    spec:
      containers:
      - {name: sidecar, image: docker.io/istio/proxyv2:1.21.0}
      - {name: discovery, image: %s}
"""
FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: istiod, namespace: istio-system}
spec: {chart: {spec: {chart: %s, version: %s}}, values: %s}
"""
ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: istiod, namespace: argocd}
spec: {%s}
"""


def sources(*texts: str) -> list[Source]:
    return [Source(f"file{number}.yaml", text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "release"),
    [
        (OPERATOR % "tag: 1.22.3", "1.22"),
        (OPERATOR % "tag: 1.22", "1.22"),
        (OPERATOR % "tag: v1.22.3-distroless", "1.22"),
        (OPERATOR % "tag: 1.23-alpha.0123abc", "1.23"),
        (OPERATOR % "components: {pilot: {tag: 1.24.0}}, tag: 1.22.3", "1.24"),
        (OPERATOR % "values: {global: {tag: 1.22.3}}", "1.22"),
        (OPERATOR % "values: {pilot: {tag: 1.25.1}, global: {tag: 1.22.3}}", "1.25"),
        (OPERATOR % "tag: latest", None),
        (OPERATOR % "profile: minimal", None),
        (OPERATOR % "tag: [1.22.3]", None),
        (OPERATOR % "components: [pilot]", None),
        (DEPLOYMENT % ("istiod", "docker.io/istio/pilot:1.22.3"), "1.22"),
        (DEPLOYMENT % ("istiod-canary", "registry.example:5000/mirror/pilot:1.24.0-distroless@sha256:00"), "1.24"),
        (DEPLOYMENT % ("istiod", "registry.example:5000/mirror/pilot@sha256:00"), None),
        (DEPLOYMENT % ("istiod", "registry.example:5000/mirror/pilot"), None),
        (DEPLOYMENT % ("reviews", "docker.io/istio/pilot:1.22.3"), None),
        ("apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: default}\nspec: {version: v1.24.2}\n", "1.24"),
        ("global: {hub: docker.io/istio, tag: 1.22.3}\n", "1.22"),
        ("global: {tag: 1.22.3}\npilot: {autoscaleEnabled: false}\nmeshConfig: {}\n", "1.22"),
        ("pilot: {image: 'registry.example/istio/pilot:1.23.1'}\n", "1.23"),
        ("istiod:\n  pilot: {tag: 1.23.1}\n", "1.23"),
        ("_internal_defaults_do_not_set:\n  global: {hub: docker.io/istio, tag: 1.26.0}\n  pilot: {}\n", "1.26"),
        ("global: {hub: registry.example/shop, tag: 1.22.3}\n", None),
        ("global: {tag: 1.22.3}\npilot: {enabled: true}\n", None),
        (FLUX % ("istiod", "1.26.x", "{}"), "1.26"),
        (FLUX % ("istiod", "1.26.1", "{pilot: {tag: 1.25.3-distroless}}"), "1.25"),
        (FLUX % ("istiod", "'1.21.*'", "{}"), "1.21"),
        (FLUX % ("istiod", "~1.22.3", "{}"), "1.22"),
        (FLUX % ("istiod", "^1.22.3", "{}"), None),
        (FLUX % ("istiod", "'>=1.20.0'", "{}"), None),
        ("kind: OCIRepository\nspec: {url: oci://registry.example/istio/istiod, ref: {tag: 1.30.2}}\n", "1.30"),
        ("kind: OCIRepository\nspec: {url: oci://registry.example/istio/ztunnel, ref: {tag: 1.30.2}}\n# istiod", None),
        (FLUX % ("base", "1.26.1", "{}"), None),
        (FLUX % ("[istiod]", "1.26.1", "[]"), None),
        (ARGO % "source: {chart: istiod, targetRevision: 1.24.2}", "1.24"),
        (ARGO % "sources: [{path: values}, {chart: istiod, targetRevision: 1.24.2}]", "1.24"),
        (ARGO % "source: {chart: istiod, targetRevision: 1.24.2, helm: {values: 'global: {tag: 1.23.1}'}}", "1.23"),
        (ARGO % "source: {path: istiod, targetRevision: 1.24.2}", None),
        (ARGO % "sources: istiod", None),
        ("apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec: {chart: istio/istiod, version: 1.27.0}\n", "1.27"),
        ("apiVersion: v2\nname: platform\ndependencies: [{name: istiod, version: 1.28.0}]\n", "1.28"),
        ("apiVersion: v2\nname: platform\ndependencies: istiod\n", None),
        ("kind: Kustomization\nhelmCharts: [{name: istiod, version: 1.29.0}]\n", "1.29"),
        ("apiVersion: v1\nkind: List\nitems:\n- {kind: IstioOperator, spec: {tag: 1.22.3}}\n", "1.22"),
        ("kind: IstioOperator\nspec: {tag: '{{ .Values.tag }}'}\n", None),
        ("kind: IstioOperator\nspec: {tag: {{ .Values.tag }}}\n", None),
        ("kind: IstioOperator\n--- [\nspec\n", None),
        ("kind: [IstioOperator]\nspec: {tag: 1.22.3}\n", None),
        ("- IstioOperator\n", None),
    ],
)
def test_what_one_text_installs(text: str, release: str | None) -> None:
    assert detect(sources(text)).release == release


def test_the_note_says_which_version_and_where_from() -> None:
    (note,) = detect(sources(OPERATOR % "tag: 1.22.3")).notes
    assert note == "checked against Istio 1.22, since file0.yaml installs 1.22.3; --istio-version chooses another"


def test_patch_levels_of_one_release_agree() -> None:
    text = OPERATOR % "tag: 1.22.3", DEPLOYMENT % ("istiod", "docker.io/istio/pilot:1.22.5")
    assert detect(sources(*text)).release == "1.22"


def test_several_that_differ_are_none_and_a_note_says_so() -> None:
    found = detect(sources(OPERATOR % "tag: 1.22.3", OPERATOR % "tag: 1.9.0", OPERATOR % "tag: 1.22.4"))
    assert found.release is None
    (note,) = found.notes
    assert note.startswith("the input installs Istio 1.9.0 (file1.yaml) and 1.22.3 (file0.yaml): ")
    assert note.endswith(f"checked against {NEWEST_ISTIO}; --istio-version chooses another")


def test_an_overlay_that_replaces_the_image_counts_as_another_version() -> None:
    overlay = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages: [{name: istio/pilot, newTag: 1.23.0}]\n"
    assert detect(sources(DEPLOYMENT % ("istiod", "docker.io/istio/pilot:1.22.3"), overlay)).release is None


def test_beyond_the_newest_release_the_newest_is_taken_and_said() -> None:
    found = detect(sources(OPERATOR % "tag: 1.99.0"))
    assert found.release == NEWEST_ISTIO
    assert found.notes == (
        f"file0.yaml installs Istio 1.99.0: checked against {NEWEST_ISTIO}, the nearest that meshlint knows",
    )


def test_a_release_from_before_all_that_are_known_is_none() -> None:
    found = detect(sources(OPERATOR % "tag: 1.6.8"))
    assert found.release is None
    (note,) = found.notes
    assert note.startswith("file0.yaml installs Istio 1.6.8, older than 1.20, the oldest that meshlint knows: ")
    assert note.endswith(f"checked against {NEWEST_ISTIO}; --istio-version chooses another")


@pytest.mark.parametrize("path", ["testdata/a.yaml", "pkg/test/istio/a.yaml", "samples/install.yaml"])
def test_tests_and_samples_install_nothing(path: str) -> None:
    assert detect([Source(path, OPERATOR % "tag: 1.22.3")]).release is None
    assert detect([Source(f"prod/{path.rpartition('/')[2]}", OPERATOR % "tag: 1.22.3")]).release == "1.22"


def test_an_example_in_markdown_installs_nothing() -> None:
    assert detect([Source("README.md", OPERATOR % "tag: 1.22.3", fence=0)]).release is None


RULE = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: a, namespace: shop}
spec: {host: a, trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST, warmup: {duration: 60s}}}}
"""


def test_the_whole_input_is_judged_by_it_whatever_comes_first() -> None:
    for texts in ((RULE, OPERATOR % "tag: 1.22.3"), (OPERATOR % "tag: 1.22.3", RULE)):
        found = report(*texts)
        assert [item.rule for item in found.findings] == ["ML108"]
        assert any("1.22.3" in note for note in found.summary.notes)


def test_an_option_wins_even_if_it_names_the_newest() -> None:
    found = report(RULE, OPERATOR % "tag: 1.22.3", options=f"--istio-version {NEWEST_ISTIO}")
    assert not found.findings
    assert not found.summary.notes


def test_what_is_chosen_wins() -> None:
    from meshlint.cli.settings import known_rules
    from meshlint.engine import Input, Settings, lint
    from meshlint.schemas.versions import Target
    from meshlint.selection import select

    texts = sources(RULE, OPERATOR % "tag: 1.22.3")
    for settings in (
        Settings(select(known_rules()), detect_version=False),
        Settings(select(known_rules()), target=Target(istio="1.24")),
    ):
        found = lint(Input(texts), settings)
        assert not found.findings
        assert not found.summary.notes
