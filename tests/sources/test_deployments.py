"""Which namespaces Argo CD and Flux bring resources to, and what Flux patches."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.reading import read
from meshlint.sources.deployments import Deployments, deployments

FILES = ("argocd/apps.yaml", "apps/shop/web.yaml", "apps/shop/more/api.yaml", "apps/pay/pay.yaml", "other/a.yaml")


def _app(path: str, namespace: str = "live", more: str = "", repository: str = "https://git.example/a") -> str:
    return f"""
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: a}}
spec:
  source: {{repoURL: "{repository}", path: "{path}"{more}}}
  destination: {{namespace: "{namespace}"}}
"""


def _set(pattern: str, namespace: str, path: str = "{{path}}") -> str:
    return f"""
---
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: a}}
spec:
  generators: [{{git: {{directories: [{{path: "{pattern}"}}, {{path: apps/pay, exclude: true}}]}}}}]
  template:
    spec:
      source: {{repoURL: a, path: "{path}"}}
      destination: {{namespace: "{namespace}"}}
"""


def _flux(path: str, more: str = "targetNamespace: live") -> str:
    return f"""
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: a}}
spec: {{path: "{path}", {more}}}
"""


def _read(text: str, at: str = "argocd/apps.yaml", files: tuple[str, ...] = FILES) -> Deployments:
    contents: list[tuple[str, Any]] = [(at, document.data) for document in read(text).documents]
    return Deployments(None, deployments(contents, files))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_app("apps/shop"), {("live", "web")}),
        (_app("./apps/shop/"), {("live", "web")}),
        (_app("apps/shop", more=", kustomize: {images: [a]}"), {("live", "web")}),
        # Not without `recurse`, not of a chart, not of a folder that is elsewhere or unknown.
        (_app("apps"), {(None, "web")}),
        (_app("apps", more=", directory: {recurse: true}"), {("live", "web")}),
        (_app("apps/shop", more=", helm: {values: a}"), {(None, "web")}),
        (_app("shop"), {(None, "web")}),
        (_app(""), {(None, "web")}),
        (_app("{{path}}"), {(None, "web")}),
        # Two clusters, or an application around another one.
        (_app("apps/shop") + _app("apps/shop", "test"), {("live", "web"), ("test", "web")}),
        (_app("apps", "all", ", directory: {recurse: true}") + _app("apps/shop"), {("live", "web")}),
        # Two repositories have a folder of this name: which one is this?
        (_app("apps/shop") + _app("apps/shop", "test", repository="https://git.example/b"), {(None, "web")}),
        (_set("apps/*", "{{path.basename}}"), {("shop", "web")}),
        (_set("apps/*", "{{ .path.basename }}", "{{ .path.path }}"), {("shop", "web")}),
        (_set("apps/*", "team-{{path[1]}}"), {("team-shop", "web")}),
        (_set("apps/*", "team-{{index .path.segments 0}}"), {("team-apps", "web")}),
        (_set("apps/*", "live"), {("live", "web")}),
        (_set("apps/*", "{{cluster}}"), {(None, "web")}),
        (_set("apps/s*", "live", "elsewhere"), {(None, "web")}),
        (_set("teams/*", "live"), {(None, "web")}),
        (_flux("./apps"), {("live", "web")}),
        (_flux("./apps", "prune: true"), {(None, "web")}),
        (
            "apiVersion: other/v1\nkind: Application\nspec: {source: {path: apps/shop}, destination: {namespace: a}}",
            {(None, "web")},
        ),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: [a]", {(None, "web")}),
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {generators: [1, {git: 2}], template: 3}",
            {(None, "web")},
        ),
    ],
)
def test_namespaces(text: str, expected: set[tuple[str | None, str]]) -> None:
    assert _read(text).identities("apps/shop/web.yaml", None, "web", "Service") == expected


def test_argo_cd_leaves_a_written_namespace_and_flux_does_not() -> None:
    assert _read(_app("apps/shop")).identities("apps/shop/web.yaml", "shop", "web", "Service") == {("shop", "web")}
    assert _read(_flux("apps/shop")).identities("apps/shop/web.yaml", "shop", "web", "Service") == {("live", "web")}


def test_what_has_no_namespace_gets_none() -> None:
    assert _read(_flux("apps")).identities("apps/shop/web.yaml", None, "shop", "Namespace") == {(None, "shop")}


def test_other_folders_are_left_alone() -> None:
    found = _read(_app("apps/shop") + _set("apps/*", "set"))
    assert found.identities("other/a.yaml", None, "web", "Service") == {(None, "web")}
    assert found.identities("apps/shop/more/api.yaml", None, "api", "Service") == {(None, "api")}


@pytest.mark.parametrize("top", ["", "/src/repository/", "mono/"])
def test_the_repository_may_lie_anywhere(top: str) -> None:
    files = tuple(f"{top}{path}" for path in FILES)
    found = _read(_set("apps/*", "{{path[1]}}"), f"{top}argocd/apps.yaml", files)
    assert found.identities(f"{top}apps/shop/web.yaml", None, "web", "Service") == {("shop", "web")}


def test_patches_of_flux() -> None:
    patch = "patches: [{patch: '[{op: replace, path: /spec/type, value: a}]', target: {kind: Service, name: web}}]"
    found = _read(_flux("apps", patch))
    assert found.patched("apps/shop/web.yaml", None, "web", "Service") == {("spec", "type")}
    assert not found.patched("apps/shop/web.yaml", None, "api", "Service")
    assert not found.patched("other/a.yaml", None, "web", "Service")
