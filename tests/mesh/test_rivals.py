"""A few rivals are named, the rest is counted; alternatives and variants are none."""

import pytest
from building import build

from meshlint.mesh.rivals import rivals, strangers
from meshlint.model.networking.sidecar import Sidecar


def _sidecars(*names: str) -> str:
    return "\n---\n".join(
        f"apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {{name: {name}, namespace: shop}}"
        for name in names
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("a", "b"), "`shop/b`"),
        (("a", "b", "c"), "`shop/b` and `shop/c`"),
        (("a", "b", "c", "d"), "`shop/b`, `shop/c` and `shop/d`"),
        (("a", "b", "c", "d", "e", "f"), "`shop/b`, `shop/c`, `shop/d` and 2 more"),
    ],
)
def test_words(names, words):
    mesh = build(_sidecars(*names))
    group = mesh.all(Sidecar)
    found = rivals(mesh, group[0], group)
    assert found is not None
    assert found.names == words
    assert found.single is (len(names) == 2)


def test_a_group_without_the_claimant():
    mesh = build(_sidecars("a", "b", "c", "d", "e"))
    first, *others = mesh.all(Sidecar)
    found = strangers(mesh, first, others)
    assert found is not None
    assert (len(found.named), found.more) == (3, 1)


def test_alone():
    mesh = build(_sidecars("a"))
    (only,) = mesh.all(Sidecar)
    assert rivals(mesh, only, (only,)) is None


def test_variants_of_the_claimant_and_of_a_rival():
    mesh = build(_sidecars("a", "a", "b", "b"))
    group = mesh.all(Sidecar)
    found = rivals(mesh, group[0], group)
    assert found is not None
    assert [item.name for item in found.named] == ["b"]
