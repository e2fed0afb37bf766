"""The protocol of a port: pkg/config/kube/conversion.go (ConvertProtocol), pkg/config/protocol/instance.go (Parse)."""

import pytest
from mesh.building import build

from meshlint.mesh.protocols import Protocol, declared, parse, selected
from meshlint.model.kubernetes.service import ServicePort


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        (ServicePort(name="http", port=80), Protocol.HTTP),
        (ServicePort(name="http-web", port=80), Protocol.HTTP),
        (ServicePort(name="HTTP-web", port=80), Protocol.HTTP),
        (ServicePort(name="httpweb", port=80), Protocol.DETECTED),
        (ServicePort(name="web-http", port=80), Protocol.DETECTED),
        (ServicePort(name="http2-a", port=80), Protocol.HTTP2),
        (ServicePort(name="https", port=443), Protocol.HTTPS),
        (ServicePort(name="grpc", port=80), Protocol.GRPC),
        (ServicePort(name="grpc-web", port=80), Protocol.GRPC_WEB),
        (ServicePort(name="grpc-web-x", port=80), Protocol.GRPC_WEB),
        (ServicePort(name="grpc-website", port=80), Protocol.GRPC_WEB),
        (ServicePort(name="tcp-db", port=5432), Protocol.TCP),
        (ServicePort(name="tls", port=443), Protocol.TLS),
        (ServicePort(name="mongo", port=27017), Protocol.MONGO),
        (ServicePort(name="redis", port=6379), Protocol.REDIS),
        (ServicePort(name="mysql", port=3306), Protocol.MYSQL),
        (ServicePort(name="web", port=80), Protocol.DETECTED),
        (ServicePort(port=80), Protocol.DETECTED),
        (ServicePort(name="web", port=3306), Protocol.TCP),
        (ServicePort(port=53), Protocol.TCP),
        (ServicePort(name="http", port=3306), Protocol.HTTP),
        (ServicePort(name="http", port=53, protocol="UDP"), Protocol.UDP),
        (ServicePort(name="udp-x", port=80), Protocol.UDP),
        (ServicePort(name="tcp", port=80, app_protocol="http"), Protocol.HTTP),
        (ServicePort(name="http", port=80, app_protocol="acme.example/own"), Protocol.DETECTED),
        (ServicePort(name="http", port=80, app_protocol="kubernetes.io/h2c"), Protocol.HTTP2),
        (ServicePort(name="http", port=80, app_protocol="kubernetes.io/ws"), Protocol.HTTP),
        (ServicePort(name="http", port=80, app_protocol="kubernetes.io/wss"), Protocol.HTTPS),
        (ServicePort(name="x", port=80, app_protocol="grpc"), Protocol.GRPC),
    ],
)
def test_the_protocol_of_a_service_port(port, expected):
    assert selected(port) is expected


def test_a_server_first_port_without_name_is_tcp_but_declares_nothing():
    assert declared(ServicePort(port=3306)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("HTTP", Protocol.HTTP), ("grpc-web", Protocol.GRPC_WEB), ("GRPC-WEB", Protocol.GRPC_WEB), ("Mongo", Protocol.MONGO),
     ("http_proxy", Protocol.HTTP_PROXY), ("HBONE", Protocol.HBONE), ("detected", Protocol.DETECTED),
     ("ftp", Protocol.DETECTED), (None, Protocol.DETECTED)],
)  # fmt: skip
def test_the_protocol_of_a_name(text, expected):
    assert parse(text) is expected


@pytest.mark.parametrize("protocol", list(Protocol))
def test_no_protocol_is_http_and_tcp(protocol):
    assert not (protocol.is_http and protocol.is_tcp)
    assert protocol.is_http or not protocol.is_http2


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("{name: http, port: 80}", False),
        ("{name: web, port: 80}", False),
        ("{name: dns, port: 53, protocol: UDP}", False),
        ("{name: tcp-db, port: 5432}", True),
        ("{name: https, port: 443}", True),
        ("{name: db, port: 3306}", True),
        ("{name: http, port: 80}, {name: redis, port: 6379}", True),
    ],
)
def test_workloads_with_a_port_for_more_than_requests_are_known(ports, expected):
    mesh = build(f"""
apiVersion: v1
kind: Pod
metadata: {{name: reviews, namespace: shop, labels: {{app: reviews}}}}
spec: {{containers: [{{name: main}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: reviews, namespace: shop}}
spec: {{selector: {{app: reviews}}, ports: [{ports}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: other, namespace: shop}}
spec: {{selector: {{app: other}}, ports: [{{name: tcp, port: 80}}]}}
""")
    assert mesh.port_protocols.has_tcp(mesh.workloads.all[0]) is expected
