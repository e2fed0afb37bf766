"""What kustomizations make of the files they take in."""

from __future__ import annotations

import pytest
from sources.conftest import Tree

from meshlint.sources import discover
from meshlint.sources.kustomization import Generated
from meshlint.sources.kustomizations import Kustomizations

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"


def read(*paths: str) -> Kustomizations:
    return Kustomizations([discover(paths or ["."])])


def test_a_file_outside_of_every_build_keeps_its_own_identity(tree: Tree) -> None:
    tree({"a.yaml": SERVICE, "k/kustomization.yaml": "namespace: prod\nresources: []\n"})
    found = read()
    assert found.identities("a.yaml", None, "web", "Service") == {(None, "web")}
    assert found.identities("a.yaml", "shop", "web", "Service") == {("shop", "web")}
    assert found.builds("a.yaml") == frozenset()
    assert not found.incomplete("a.yaml")


def test_two_overlays_give_a_base_two_identities(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": SERVICE,
            "overlays/dev/kustomization.yaml": "resources: [../../base]\nnamespace: dev\nnamePrefix: dev-\n",
            "overlays/prod/kustomization.yaml": "bases: [../../base]\nnamespace: prod\nnameSuffix: -v2\n",
        }
    )
    found = read()
    assert found.identities("base/web.yaml", None, "web", "Service") == {("dev", "dev-web"), ("prod", "web-v2")}
    assert found.builds("base/web.yaml") == {"overlays/dev", "overlays/prod"}


def test_nested_overlays_act_from_the_inside_out(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\nnamePrefix: a-\nnamespace: inner\n",
            "base/web.yaml": SERVICE,
            "middle/kustomization.yml": "resources: [../base]\nnamePrefix: b-\nnameSuffix: -y\n",
            "top/Kustomization": "resources: [../middle, own.yaml]\nnamePrefix: c-\nnamespace: outer\nnameSuffix: -z\n",
            "top/own.yaml": SERVICE,
        }
    )
    found = read()
    assert found.identities("base/web.yaml", None, "web", "Service") == {("outer", "c-b-a-web-y-z")}
    assert found.identities("top/own.yaml", "x", "web", "Service") == {("outer", "c-web-z")}
    assert found.builds("base/web.yaml") == found.builds("top/own.yaml") == {"top"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param("Service", ("prod", "p-web-s"), id="namespaced"),
        pytest.param("VirtualService", ("prod", "p-web-s"), id="of a custom resource"),
        pytest.param("Namespace", (None, "prod"), id="a Namespace is renamed by `namespace` alone"),
        pytest.param("CustomResourceDefinition", (None, "web"), id="a CRD stays"),
        pytest.param("APIService", (None, "web"), id="an APIService stays"),
        pytest.param("ClusterRole", (None, "p-web-s"), id="cluster-scoped"),
    ],
)
def test_what_is_transformed_depends_on_the_kind(tree: Tree, kind: str, expected: tuple[str | None, str]) -> None:
    tree(
        {
            "kustomization.yaml": "resources: [a.yaml]\nnamespace: prod\nnamePrefix: p-\nnameSuffix: -s\n",
            "a.yaml": SERVICE,
        }
    )
    assert read().identities("a.yaml", None, "web", kind) == {expected}


def test_components_act_on_what_was_gathered_before_them(tree: Tree) -> None:
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
    tree(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": SERVICE,
            "parts/one/kustomization.yaml": component + "namePrefix: one-\nresources: [own.yaml]\n",
            "parts/one/own.yaml": SERVICE,
            "parts/two/kustomization.yaml": component + "namePrefix: two-\nnamespace: parts\nresources: [own.yaml]\n",
            "parts/two/own.yaml": SERVICE,
            "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../parts/one, ../parts/two]\nnamePrefix: p-\n",
        }
    )
    found = read()
    assert found.identities("base/web.yaml", None, "web", "Service") == {("parts", "p-two-one-web")}
    assert found.identities("parts/one/own.yaml", None, "web", "Service") == {("parts", "p-two-one-web")}
    assert found.identities("parts/two/own.yaml", None, "web", "Service") == {("parts", "p-two-web")}
    assert found.builds("parts/two/own.yaml") == {"prod"}


def test_a_component_that_nothing_takes_in_is_no_build(tree: Tree) -> None:
    tree({"c/kustomization.yaml": "kind: Component\nnamespace: x\nresources: [a.yaml]\n", "c/a.yaml": SERVICE})
    found = read()
    assert found.identities("c/a.yaml", None, "web", "Service") == {(None, "web")}
    assert found.builds("c/a.yaml") == frozenset()


FRAGMENTS = {
    "patches": "patches: [{path: p.yaml}]\n",
    "patches with a target": "patches: [{path: p.yaml, target: {kind: Service}}]\n",
    "patchesStrategicMerge": "patchesStrategicMerge: [p.yaml]\n",
    "patchesJson6902": "patchesJson6902: [{path: ./x/../p.yaml, target: {kind: Service, name: web}}]\n",
    "a component": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n",
}


@pytest.mark.parametrize("text", FRAGMENTS.values(), ids=FRAGMENTS.keys())
def test_a_file_used_as_a_patch_is_a_fragment(tree: Tree, text: str) -> None:
    tree({"kustomization.yaml": text + "resources: [web.yaml]\n", "web.yaml": SERVICE, "p.yaml": SERVICE})
    found = read()
    assert found.is_fragment("p.yaml")
    assert not found.is_fragment("web.yaml")
    assert not found.is_fragment("kustomization.yaml")


def test_a_patch_outside_of_the_kustomizations_folder_is_a_fragment(tree: Tree) -> None:
    tree({"o/kustomization.yaml": "patches: [{path: ../shared/p.yaml}]\n", "shared/p.yaml": SERVICE})
    assert read().is_fragment("shared/p.yaml")


def test_a_named_patch_alone_is_known_by_the_kustomization_beside_it(tree: Tree) -> None:
    tree({"o/kustomization.yaml": "patches: [{path: p.yaml}]\n", "o/p.yaml": SERVICE})
    assert read("o/p.yaml").is_fragment("o/p.yaml")


def test_a_file_that_is_resource_and_patch_is_judged(tree: Tree) -> None:
    tree({"kustomization.yaml": "resources: [a.yaml]\npatches: [{path: a.yaml}]\n", "a.yaml": SERVICE})
    assert not read().is_fragment("a.yaml")


def test_an_inline_patch_is_no_file(tree: Tree) -> None:
    tree(
        {
            "kustomization.yaml": "resources: [a.yaml]\npatchesStrategicMerge:\n- |\n  kind: Service\n  metadata: {name: web}\n  spec: {type: NodePort}\n",
            "a.yaml": SERVICE,
        }
    )
    found = read()
    assert not found.is_fragment("a.yaml")
    assert found.patched("a.yaml", None, "web", "Service") == {("spec", "type")}


RENAMES = {
    "a JSON patch of the name": (
        'patches: [{target: {kind: Service, name: web}, patch: "[{op: replace, path: /metadata/name, value: shop}]"}]',
        {(None, "shop")},
    ),
    "a JSON patch of the namespace": (
        'patches: [{target: {kind: Service}, patch: "[{op: add, path: /metadata/namespace, value: ns}]"}]',
        {("ns", "web")},
    ),
    "an expression": (
        'patches: [{target: {name: "w.*|x"}, patch: "[{op: replace, path: /metadata/name, value: shop}]"}]',
        {(None, "shop")},
    ),
    "before prefix and namespace": (
        (
            'patches: [{target: {kind: Service}, patch: "[{op: replace, path: /metadata/name, value: shop}]"}]\n'
            "namePrefix: p-\nnamespace: ns"
        ),
        {("ns", "p-shop")},
    ),
    "patchesJson6902 come after the prefix": (
        (
            "patchesJson6902: [{target: {kind: Service, name: web}, "
            'patch: "[{op: replace, path: /metadata/name, value: shop}]"}]\nnamePrefix: p-'
        ),
        {(None, "shop")},
    ),
    "with a label selector: maybe": (
        'patches: [{target: {labelSelector: a=b}, patch: "[{op: replace, path: /metadata/name, value: shop}]"}]',
        {(None, "shop"), (None, "web")},
    ),
    "with an expression beyond ours: maybe": (
        'patches: [{target: {name: "(w+)+eb?"}, patch: "[{op: replace, path: /metadata/name, value: shop}]"}]',
        {(None, "shop"), (None, "web")},
    ),
    "of another kind": (
        'patches: [{target: {kind: Pod}, patch: "[{op: replace, path: /metadata/name, value: shop}]"}]',
        {(None, "web")},
    ),
    "of another name": (
        'patches: [{target: {name: we}, patch: "[{op: replace, path: /metadata/name, value: shop}]"}]',
        {(None, "web")},
    ),
    "a merge patch that may rename": (
        (
            "patches:\n- target: {kind: Service, name: web}\n  options: {allowNameChange: true}\n"
            '  patch: "{kind: Service, metadata: {name: shop}}"'
        ),
        {(None, "shop")},
    ),
    "a merge patch that may not": (
        'patches: [{target: {kind: Service}, patch: "{kind: Service, metadata: {name: shop}}"}]',
        {(None, "web")},
    ),
}


@pytest.mark.parametrize(("text", "expected"), RENAMES.values(), ids=RENAMES.keys())
def test_patches_may_rename(tree: Tree, text: str, expected: set[tuple[str | None, str]]) -> None:
    tree({"kustomization.yaml": f"resources: [a.yaml]\n{text}\n", "a.yaml": SERVICE})
    assert read().identities("a.yaml", None, "web", "Service") == expected


def test_a_patch_file_may_rename(tree: Tree) -> None:
    tree(
        {
            "kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml, target: {kind: Service}}]\n",
            "a.yaml": SERVICE,
            "p.yaml": "- {op: replace, path: /metadata/name, value: shop}\n",
        }
    )
    assert read().identities("a.yaml", None, "web", "Service") == {(None, "shop")}


def test_patched_tells_what_is_not_the_last_word(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\nnamePrefix: p-\n",
            "base/a.yaml": SERVICE,
            "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n",
            "prod/p.yaml": SERVICE.replace("web", "p-web") + "spec: {ports: [{port: 81}], type: NodePort}\n",
        }
    )
    found = read()
    assert found.patched("base/a.yaml", None, "web", "Service") == {("spec", "ports"), ("spec", "type")}
    assert not found.patched("base/a.yaml", None, "other", "Service")
    assert not found.patched("base/a.yaml", None, "web", "Pod")


PATCHED_BY = {
    "patches: [{path: missing.yaml, target: {kind: Service}}]": {()},
    'patches: [{patch: "{", target: {kind: Service}}]': {()},
    "replicas: [{name: web, count: 3}]": set(),
    "replacements: [{targets: [{select: {kind: Service, name: web}, fieldPaths: [spec.ports.0.port]}]}]": {
        ("spec", "ports", "0", "port")
    },
    "replacements: [{targets: [{select: {kind: Deployment}, fieldPaths: [spec.replicas]}]}]": set(),
    "replacements: [{path: r.yaml}]": {("spec", "type")},
}


@pytest.mark.parametrize("field", PATCHED_BY)
def test_what_else_changes_fields(tree: Tree, field: str) -> None:
    tree(
        {
            "kustomization.yaml": f"resources: [a.yaml]\n{field}\n",
            "a.yaml": SERVICE,
            "r.yaml": "- targets: [{select: {kind: Service}, fieldPaths: [spec.type]}]\n",
        }
    )
    assert read().patched("a.yaml", None, "web", "Service") == PATCHED_BY[field]


@pytest.mark.parametrize("field", ["configurations: [c.yaml]", "replacements: [{}]", "vars: [{}]"])
def test_where_references_may_be_rewritten_the_old_name_counts_too(tree: Tree, field: str) -> None:
    tree({"kustomization.yaml": f"resources: [a.yaml]\nnamePrefix: p-\nnamespace: ns\n{field}\n", "a.yaml": SERVICE})
    assert read().identities("a.yaml", None, "web", "Service") == {("ns", "p-web"), ("ns", "web")}


INCOMPLETE = {
    "a remote base": "resources: [a.yaml, 'https://example.com/base?ref=v1']",
    "a repository": "resources: [a.yaml, github.com/org/repo//deploy?ref=v1]",
    "a remote component": "resources: [a.yaml]\ncomponents: ['git@github.com:org/repo.git']",
    "a missing file": "resources: [a.yaml, nowhere.yaml]",
    "a folder without kustomization": "resources: [a.yaml, empty]",
    "a chart": "resources: [a.yaml]\nhelmCharts: [{name: x}]",
    "an old chart": "resources: [a.yaml]\nhelmChartInflationGenerator: [{chartName: x}]",
    "a generator": "resources: [a.yaml]\ngenerators: [g.yaml]",
    "a transformer": "resources: [a.yaml]\ntransformers: [t.yaml]",
    "a file that is no part of the input": "resources: [a.yaml, plain.txt]",
}


@pytest.mark.parametrize("text", INCOMPLETE.values(), ids=INCOMPLETE.keys())
def test_a_build_with_something_missing_is_incomplete(tree: Tree, text: str) -> None:
    tree(
        {"kustomization.yaml": text + "\n", "a.yaml": SERVICE, "empty/x.txt": "", "plain.txt": "", "o/b.yaml": SERVICE}
    )
    found = read()
    assert found.incomplete("a.yaml")
    assert not found.incomplete("o/b.yaml")


def test_what_a_base_lacks_its_overlays_lack(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [github.com/org/repo]\n",
            "prod/kustomization.yaml": "resources: [../base, a.yaml]\n",
            "prod/a.yaml": SERVICE,
            "whole/kustomization.yaml": "resources: [b.yaml]\n",
            "whole/b.yaml": SERVICE,
        }
    )
    found = read()
    assert found.incomplete("prod/a.yaml")
    assert not found.incomplete("whole/b.yaml")


def test_an_overlay_named_alone_still_reads_the_way_through_its_base(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\n",
            "base/a.yaml": SERVICE,
            "prod/kustomization.yaml": "resources: [../base, b.yaml]\nnamespace: prod\n",
            "prod/b.yaml": SERVICE,
        }
    )
    found = read("prod")
    assert found.incomplete("prod/b.yaml")
    assert found.identities("base/a.yaml", None, "web", "Service") == {("prod", "web")}


def test_context_completes_the_input(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\n",
            "base/a.yaml": SERVICE,
            "prod/kustomization.yaml": "resources: [../base, b.yaml]\n",
            "prod/b.yaml": SERVICE,
        }
    )
    assert not Kustomizations([discover(["prod"]), discover(["base"])]).incomplete("prod/b.yaml")


def test_generated_names(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "secretGenerator: [{name: tls}, {name: kept, options: {disableNameSuffixHash: true}}]\n"
            "configMapGenerator: [{name: settings, namespace: own}]\n",
            "prod/kustomization.yaml": "resources: [../base]\nnamePrefix: p-\n",
            "flat/kustomization.yaml": "generatorOptions: {disableNameSuffixHash: true}\nsecretGenerator: [{name: x}]\n",
        }
    )
    assert read().generated() == {
        Generated("Secret", None, "p-tls", hashed=True),
        Generated("Secret", None, "p-kept", hashed=False),
        Generated("ConfigMap", "own", "p-settings", hashed=True),
        Generated("Secret", None, "x", hashed=False),
    }


def test_added_labels(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {app: shop}\n",
            "base/a.yaml": SERVICE,
            "dev/kustomization.yaml": "resources: [../base]\nlabels: [{pairs: {env: dev}}]\n",
            "prod/kustomization.yaml": "resources: [../base]\nlabels: [{pairs: {env: prod, v: 1}}]\n",
        }
    )
    assert read().added_labels("base/a.yaml") == {"app": {"shop"}, "env": {"dev", "prod"}, "v": {"1"}}


BROKEN = {
    "no YAML": "resources: [a.yaml\n",
    "empty": "",
    "a list": "- a.yaml\n",
    "a scalar": "a.yaml\n",
    "null": "~\n",
    "wrong types": "resources: a.yaml\nnamePrefix: [x]\npatches: {path: 1}\ncomponents: 3\ncommonLabels: [a]\nlabels: {a: 1}\n",
    "wrong items": "resources: [1, null, {a: b}, [x]]\npatches: [1, {path: 2}, {target: 3, patch: 4}]\nsecretGenerator: [1, {}]\n",
    "wrong patches": "patches: [{patch: '{{{'}, {patch: '- 1', target: {kind: [1]}}, {path: nowhere.yaml}, {path: '.'}]\n",
    "another API": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {path: ./x, targetNamespace: n}\n",
    "another kind": "kind: Deployment\nresources: [a.yaml]\nnamespace: ns\n",
    "no UTF-8": "resources: [\udce9]\n",
    "itself": "resources: [., ../., a.yaml/]\n",
    "NUL": 'resources: ["a\\0b"]\npatches: [{path: "\\0"}]\n',
    "very long": f"resources: [{'x' * 5000}]\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_kustomization_changes_nothing(tree: Tree, text: str) -> None:
    root = tree({"a.yaml": SERVICE})
    (root / "kustomization.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    found = read()
    assert found.identities("a.yaml", None, "web", "Service") == {(None, "web")}
    assert not found.is_fragment("a.yaml")
    assert found.generated() == set()


def test_cycles(tree: Tree) -> None:
    tree(
        {
            "root/kustomization.yaml": "resources: [../a, x.yaml]\nnamespace: ns\n",
            "root/x.yaml": SERVICE,
            "a/kustomization.yaml": "resources: [../b, x.yaml]\ncomponents: [../a]\n",
            "a/x.yaml": SERVICE,
            "b/kustomization.yaml": "resources: [../a, x.yaml]\n",
            "b/x.yaml": SERVICE,
        }
    )
    found = read()
    for folder in ("root", "a", "b"):
        assert found.identities(f"{folder}/x.yaml", None, "web", "Service") == {("ns", "web")}
    assert found.incomplete("root/x.yaml")


def test_a_diamond_is_seen_once(tree: Tree) -> None:
    tree(
        {
            "base/kustomization.yaml": "resources: [a.yaml]\n",
            "base/a.yaml": SERVICE,
            "left/kustomization.yaml": "resources: [../base]\nnamePrefix: l-\n",
            "right/kustomization.yaml": "resources: [../base]\nnamePrefix: r-\n",
            "top/kustomization.yaml": "resources: [../left, ../right]\n",
        }
    )
    found = read()
    assert found.identities("base/a.yaml", None, "web", "Service") == {(None, "l-web"), (None, "r-web")}
    assert found.builds("base/a.yaml") == {"top"}


@pytest.mark.parametrize("field", ["resources", "components"])
def test_diamonds_upon_diamonds_end(tree: Tree, field: str) -> None:
    kind = "kind: Component\n" if field == "components" else ""
    files = {"l0/kustomization.yaml": kind + "resources: [a.yaml]\n", "l0/a.yaml": SERVICE}
    for level in range(1, 40):
        files[f"l{level}/kustomization.yaml"] = f"{kind}{field}: [../l{level - 1}, ../r{level - 1}]\nnamePrefix: l-\n"
        files[f"r{level}/kustomization.yaml"] = f"{kind}{field}: [../l{level - 1}, ../r{level - 1}]\nnamePrefix: r-\n"
    files["top/kustomization.yaml"] = f"{field}: [../l39, ../r39]\n"
    tree(files)
    assert read().incomplete("l0/a.yaml")


def test_a_very_long_chain_ends(tree: Tree) -> None:
    files = {f"k{n}/kustomization.yaml": f"resources: [../k{n + 1}, a.yaml]\n" for n in range(1500)}
    tree(files | {f"k{n}/a.yaml": SERVICE for n in (0, 1499)})
    found = read()
    assert found.incomplete("k0/a.yaml")
    assert found.identities("k1499/a.yaml", None, "web", "Service") == {(None, "web")}


def test_an_expression_that_backtracks_elsewhere_ends(tree: Tree) -> None:
    pattern = ".*a" * 40 + "x"
    tree(
        {
            "kustomization.yaml": f"resources: [a.yaml]\npatches: [{{target: {{name: '{pattern}'}}, patch: '- 1'}}]\n",
            "a.yaml": SERVICE,
        }
    )
    assert not read().patched("a.yaml", None, "a" * 250, "Service")


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("resources: [a.yaml\n", "does not parse"),
        ("- a.yaml\n", "is no mapping"),
        ("resources: a.yaml\n", "has `resources` that is no list"),
        ("resources: [a.yaml]\npatches: {path: p.yaml}\n", "has `patches` that is no list"),
    ],
)
def test_a_broken_kustomization_may_change_all_that_lies_beside_it(tree: Tree, text: str, flaw: str) -> None:
    tree({"k/kustomization.yaml": text, "k/a.yaml": SERVICE, "b.yaml": SERVICE})
    found = read()
    assert found.notes == (f"k: the kustomization here {flaw}: what it may change is not judged",)
    assert found.patched("k/a.yaml", None, "web", "Service") == {()}
    assert found.incomplete("k/a.yaml")
    assert not found.patched("b.yaml", None, "web", "Service")
    assert not found.incomplete("b.yaml")


@pytest.mark.parametrize(
    "text", ["", "# later\n", "resources:\n", "apiVersion: other/v1\nkind: Kustomization\nspec: {}\n"]
)
def test_an_empty_kustomization_changes_nothing(tree: Tree, text: str) -> None:
    tree({"kustomization.yaml": text, "a.yaml": SERVICE})
    found = read()
    assert not found.notes
    assert not found.patched("a.yaml", None, "web", "Service")
