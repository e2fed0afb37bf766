"""Inputs that are hard in one way each, by size: what `run.py` measures and `tests/speed` watches."""

from collections.abc import Callable
from pathlib import Path

from benchmarks import corpus

_SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: NAME
  namespace: shop
spec:
  ports:
  - name: http
    port: 80
"""
_VIRTUAL_SERVICE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: NAME
  namespace: shop
spec:
  hosts:
  - HOST
  http:
"""
_ROUTE = """  - match:
    - uri:
        prefix: /part/NUMBER/
    route:
    - destination:
        host: reviews.shop.svc.cluster.local
        port:
          number: 80
"""
_GATEWAY = """apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: NAME
  namespace: shop
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 443
      name: https
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: NAME-cert
    hosts:
    - NAME.example.com
"""


def repository(folder: Path, size: int) -> None:
    """`size` resources of an ordinary repository."""
    corpus.write(folder, size // 10)


def crlf(folder: Path, size: int) -> None:
    """The same, with the line ends of Windows in every file."""
    corpus.write(folder, size // 10)
    for path in folder.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def one_file(folder: Path, size: int) -> None:
    """`size` documents in one file, a finding in each twenty-fifth."""
    documents = []
    for number in range(size):
        odd = _VIRTUAL_SERVICE.replace("http:", "htp:").replace("HOST", f"odd-{number}.example.com") + _ROUTE
        documents.append((odd if number % 25 == 0 else _SERVICE).replace("NAME", f"svc-{number}"))
    _write(folder / "all.yaml", "---\n".join(documents))


def many_files(folder: Path, size: int) -> None:
    """`size` files of one resource."""
    for number in range(size):
        _write(folder / f"{number // 500}" / f"{number}.yaml", _SERVICE.replace("NAME", f"svc-{number}"))


def one_host(folder: Path, size: int) -> None:
    """`size` VirtualServices for one host."""
    texts = [
        _VIRTUAL_SERVICE.replace("NAME", f"vs-{number}").replace("HOST", "reviews") + _ROUTE.replace("NUMBER", "1")
        for number in range(size)
    ]
    _write(folder / "all.yaml", "---\n".join([_SERVICE.replace("NAME", "reviews"), *texts]))


def one_selector(folder: Path, size: int) -> None:
    """`size` Gateways that select the same pods."""
    _write(folder / "all.yaml", "---\n".join(_GATEWAY.replace("NAME", f"gw-{number}") for number in range(size)))


def routes(folder: Path, size: int) -> None:
    """One VirtualService with `size` routes."""
    text = _VIRTUAL_SERVICE.replace("NAME", "reviews").replace("HOST", "reviews")
    text += "".join(_ROUTE.replace("NUMBER", str(number)) for number in range(size))
    _write(folder / "all.yaml", f"{_SERVICE.replace('NAME', 'reviews')}---\n{text}")


def config_map(folder: Path, size: int) -> None:
    """A ConfigMap of `size` lines of 100 characters."""
    line = f"    {'x' * 95}\n"
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: large, namespace: shop}\ndata:\n  dump: |\n"
    _write(folder / "large.yaml", head + line * size)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


SHAPES: dict[str, tuple[Callable[[Path, int], None], int]] = {
    "an ordinary repository": (repository, 10_000),
    "all line ends CRLF": (crlf, 10_000),
    "documents in one file, 4 % with a finding": (one_file, 10_000),
    "files of one resource": (many_files, 20_000),
    "VirtualServices on one host": (one_host, 4_000),
    "Gateways of one selector": (one_selector, 4_000),
    "routes in one VirtualService": (routes, 3_000),
    "lines of one ConfigMap": (config_map, 500_000),
}
"""Name -> how to write it, and the size that is named in the goals."""
