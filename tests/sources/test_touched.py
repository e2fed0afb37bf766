"""Which fields of a resource a patch changes."""

from __future__ import annotations

from typing import Any

import pytest

from meshlint.sources.touched import ALL, by_field_path, by_merge, by_operations


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "replace", "path": "/spec/host", "value": "a"}, {("spec", "host")}),
        ({"op": "replace", "path": "/spec/http/0/route/1/weight"}, {("spec", "http", "0", "route", "1", "weight")}),
        # Of a list whose items move, all may be others.
        ({"op": "add", "path": "/spec/http/0"}, {("spec", "http")}),
        ({"op": "add", "path": "/spec/http/-"}, {("spec", "http")}),
        ({"op": "remove", "path": "/spec/http/2"}, {("spec", "http")}),
        ({"op": "remove", "path": "/spec/http/0/timeout"}, {("spec", "http", "0", "timeout")}),
        ({"op": "add", "path": "/metadata/labels/istio.io~1rev"}, {("metadata", "labels", "istio.io/rev")}),
        ({"op": "add", "path": "/metadata/labels/a~01"}, {("metadata", "labels", "a~1")}),
        ({"op": "test", "path": "/spec/host"}, set()),
        ({"op": "move", "from": "/spec/tls", "path": "/spec/tcp"}, {("spec", "tls"), ("spec", "tcp")}),
        ({"op": "copy", "from": "/spec/tls", "path": "/spec/tcp"}, {("spec", "tcp")}),
        ({"op": "replace", "path": ""}, {ALL}),
        ({"op": "replace"}, {ALL}),
        ({"op": "move", "path": "/spec/tcp"}, {ALL, ("spec", "tcp")}),
        ("replace", {ALL}),
    ],
)
def test_operations(operation: object, expected: set[tuple[str, ...]]) -> None:
    assert set(by_operations([operation])) == expected


_NAME: dict[str, Any] = {"apiVersion": "v1", "kind": "Any", "metadata": {"name": "web", "namespace": "shop"}}


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("Service", {}, set()),
        ("Service", {"spec": {"type": None, "ports": [{"port": 80}]}}, {("spec", "type"), ("spec", "ports")}),
        ("Service", {"spec": {}}, {("spec",)}),
        ("Service", {"spec": {"$patch": "replace", "type": "NodePort"}}, {("spec",)}),
        ("Service", {"$patch": "delete"}, {ALL}),
        ("Service", {"metadata": {"labels": {"a.b/c": "d"}}}, {("metadata", "labels", "a.b/c")}),
        # Istio's kinds are unknown to kustomize, so that their lists are replaced.
        ("VirtualService", {"spec": {"http": [{"name": "a", "timeout": "1s"}]}}, {("spec", "http")}),
        ("Rollout", {"spec": {"containers": [{"name": "a", "resources": {}}]}}, {("spec", "containers")}),
        (
            "Pod",
            {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": 1}}}]}},
            {("spec", "containers", "*", "resources", "limits", "cpu")},
        ),
        # A container with an image may be a new one,
        ("Pod", {"spec": {"containers": [{"name": "a", "image": "b", "env": []}]}}, {("spec", "containers")}),
        # and one that goes takes its ports with it.
        ("Pod", {"spec": {"containers": [{"name": "a", "$patch": "delete"}]}}, {("spec", "containers", "*")}),
    ],
)
def test_merges(kind: str, content: dict[str, Any], expected: set[tuple[str, ...]]) -> None:
    metadata = {**_NAME["metadata"], **content.get("metadata", {})}
    assert set(by_merge({**_NAME, **content, "metadata": metadata}, kind)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spec.hosts.0", ("spec", "hosts", "0")),
        ("spec.template.spec.containers.[name=web].image", ("spec", "template", "spec", "containers", "*", "image")),
        ("spec.http.*.timeout", ("spec", "http", "*", "timeout")),
        ("metadata.annotations.a\\.b/c", ("metadata", "annotations", "a.b/c")),
    ],
)
def test_field_paths(text: str, expected: tuple[str, ...]) -> None:
    assert by_field_path(text) == expected
