"""`meshlint route` as a command: what it refuses, and its exit codes."""

import pytest
from support import ROOT

from meshlint.cli.main import run

CLEAN = str(ROOT / "examples" / "clean")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "web", "--to", "http://catalog"], "is no client"),
        (["--from", "storefront/wob", "--to", "http://catalog"], "did you mean `storefront/web`?"),
        (["--from", "storefront/web", "--to", "ftp://catalog"], "is not one of http, https, grpc and tcp"),
        (["--from", "storefront/web", "--to", "http://"], "names no host"),
        (["--from", "storefront/web", "--to", "tcp://db"], "needs a port"),
        (["--from", "storefront/web", "--to", "http://catalog", "--header", "x-user"], "is no header"),
        (["--from", "storefront/web"], "--to"),
    ],
)
def test_what_it_refuses(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["route", *arguments, CLEAN]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "url", "code"),
    [
        ("storefront/web", "http://catalog:9000/", 0),
        ("storefront/web", "https://unknown.example/", 0),
        ("edge/shop", "https://shop.example.com/orders/1", 0),
        ("edge/shop", "https://other.example.com/", 1),
    ],
)
def test_exit_codes(source: str, url: str, code: int) -> None:
    assert run(["route", "--from", source, "--to", url, CLEAN]) == code


def test_headers_decide(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mesh.yaml").write_text(
        """apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, sidecar.istio.io/inject: "true"}}
spec: {containers: [{name: main, image: x}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - match: [{headers: {x-canary: {exact: "1"}}, method: {exact: POST}}]
    directResponse: {status: 202}
  - directResponse: {status: 200}
""",
        encoding="utf-8",
    )
    question = ["route", "--from", "shop/web", "--to", "http://cart/", str(tmp_path)]
    assert run(question) == 0
    assert "=> the proxy answers 200" in " ".join(capsys.readouterr().out.split())
    assert run([*question, "--method", "post", "--header", "X-Canary: 1"]) == 0
    assert "=> the proxy answers 202" in " ".join(capsys.readouterr().out.split())
