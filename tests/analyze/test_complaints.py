"""Complaints of users about `istioctl analyze` and Kiali that meshlint must not give cause for.

Each row is two inputs: one for which the tool raised a false alarm, and one beside it that does
deserve it. The rules named must be silent about the first and speak about the second.
"""

import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support import findings

sys.path.insert(0, str(Path(__file__).parent))

from manifests import (
    deployment,
    entry,
    gateway,
    manifest,
    mesh_config,
    namespace,
    route,
    rule,
    service,
)


class Complaint(NamedTuple):
    """What was complained of; `innocent` and `guilty` are files."""

    about: str
    rules: tuple[str, ...]
    innocent: tuple[str, ...]
    guilty: tuple[str, ...]
    options: str = ""


_OTHER = service("cart")
_EDGE = {"istio": "edge"}
_GATEWAY_PODS = deployment("edge", "edge", istio="edge")
_CANARY = {"hosts": ["web"], "http": [{"route": [{"destination": {"host": "web", "subset": "v1"}}]}]}
_FULL = "web.shop.svc.cluster.local"

COMPLAINTS = [
    Complaint(
        "a host whose Service is in another repository",
        ("ML206",),
        (route("web", "web", "payments.pay.svc.cluster.local"), service("web")),
        (route("web", "web", "cartt"), service("carts"), service("web")),
    ),
    Complaint(
        "the full name of a Service of another namespace",
        ("ML206",),
        (route("web", "web", "api.pay.svc.cluster.local"), service("api", "pay"), service("ledger", "pay")),
        (route("web", "web", "apu.pay.svc.cluster.local"), service("api", "pay"), service("ledger", "pay")),
    ),
    Complaint(
        "`exportTo` that names the own namespace",
        ("ML206",),
        (
            route("web", "web", "web"),
            service("web", annotations={"networking.istio.io/exportTo": ".,pay"}),
        ),
        (
            route("web", "web", "api.pay.svc.cluster.local", exportTo=["."]),
            service("api", "pay", annotations={"networking.istio.io/exportTo": "."}),
        ),
    ),
    Complaint(
        "a cluster domain that is not the default",
        ("ML206",),
        (route("web", "web", "api.pay.svc.corp.local"), service("api", "pay"), service("ledger", "pay")),
        (route("web", "web", "apis.pay.svc.corp.local"), service("api", "pay"), service("ledger", "pay")),
    ),
    Complaint(
        "a DestinationRule in the root namespace",
        ("ML204",),
        (route("web", "web", "web", subset="v1"), rule("web", _FULL, "istio-system", "v1"), service("web")),
        (route("web", "web", "web", subset="v2"), rule("web", _FULL, "istio-system", "v1"), service("web")),
    ),
    Complaint(
        "a Gateway of the Gateway API",
        ("ML208",),
        (
            route("web", "a.example.com", gateways=["edge/public"]),
            manifest("k8sGateway", "public", "edge", {"gatewayClassName": "istio", "listeners": []}),
        ),
        (
            route("web", "a.example.com", gateways=["edge/publik"]),
            manifest("k8sGateway", "public", "edge", {"gatewayClassName": "istio", "listeners": []}),
        ),
    ),
    Complaint(
        "a ServiceEntry of another namespace, and one with a wildcard",
        ("ML206",),
        (
            route("web", "web", "eu.example.com"),
            route("api", "api", "api.example.org"),
            entry("wild", "*.example.com", "egress"),
            entry("api", "api.example.org", "egress"),
        ),
        (
            route("web", "web", "api.example.net"),
            entry("api", "api.example.org", "egress"),
        ),
    ),
    Complaint(
        "a certificate of a Gateway whose Secret is not in git",
        ("ML522",),
        (gateway("public", (443, "HTTPS", "a.example.com", "a-cert")), _GATEWAY_PODS),
        (
            gateway("public", (443, "HTTPS", "a.example.com", "a-cert")),
            _GATEWAY_PODS,
            manifest(
                "Certificate", "b", "edge", {"secretName": "b-cert", "dnsNames": ["b"], "issuerRef": {"name": "x"}}
            ),
        ),
    ),
    Complaint(
        "hosts of an AuthorizationPolicy, which may be anything",
        ("ML206", "ML248", "ML443"),
        (
            manifest(
                "AuthorizationPolicy", "web", spec={"rules": [{"to": [{"operation": {"hosts": ["any.example"]}}]}]}
            ),
            service("web"),
            _OTHER,
        ),
        (
            manifest(
                "AuthorizationPolicy", "web", spec={"rules": [{"from": [{"source": {"namespaces": ["front-end"]}}]}]}
            ),
            namespace("frontend"),
        ),
    ),
    Complaint(
        "every namespace without a label",
        ("ML620",),
        (namespace("shop"), namespace("tools", istio_injection="enabled")),
        (
            namespace("shop"),
            namespace("tools", istio_injection="enabled"),
            manifest("PeerAuthentication", "strict", spec={"mtls": {"mode": "STRICT"}}),
        ),
    ),
    Complaint(
        "manifests of pods, which have no proxy before they are made",
        ("ML622",),
        (
            namespace("shop", istio_injection="enabled"),
            manifest(
                "Pod",
                "job",
                spec={"containers": [{"name": "job", "image": "a/b:1"}]},
                labels={"sidecar.istio.io/inject": "false"},
            ),
        ),
        (
            namespace("shop", istio_injection="enabled"),
            manifest("Pod", "job", spec={"containers": [{"name": "job", "image": "a/b:1"}]}),
        ),
        options="--scope complete",
    ),
    Complaint(
        "the port of a gateway that the Service leads to by `targetPort`, also by name",
        ("ML521",),
        (
            gateway("public", (8443, "HTTP", "a.example.com"), (8080, "HTTP", "b.example.com")),
            service(
                "edge",
                "edge",
                {"name": "a", "port": 443, "targetPort": "web"},
                {"name": "b", "port": 80, "targetPort": 8080},
            ),
            manifest(
                "Deployment",
                "edge",
                "edge",
                {
                    "selector": {"matchLabels": {"app": "edge"}},
                    "template": {
                        "metadata": {"labels": {"app": "edge", "istio": "edge"}},
                        "spec": {
                            "containers": [
                                {
                                    "name": "istio-proxy",
                                    "image": "auto",
                                    "ports": [{"name": "web", "containerPort": 8443}, {"containerPort": 8080}],
                                }
                            ]
                        },
                    },
                },
            ),
        ),
        (
            gateway("public", (9000, "HTTP", "a.example.com")),
            service("edge", "edge", {"name": "a", "port": 443, "targetPort": 8443}),
            deployment("edge", "edge", app="edge", istio="edge"),
        ),
    ),
    Complaint(
        "a gateway whose Service is not in the files",
        ("ML521",),
        (gateway("public", (9000, "HTTP", "a.example.com")), _GATEWAY_PODS),
        (
            gateway("public", (9000, "HTTP", "a.example.com")),
            service("edge", "edge", 80, app="edge"),
            deployment("edge", "edge", app="edge", istio="edge"),
        ),
    ),
    Complaint(
        "fields that are unknown only to one of the served versions",
        ("ML101",),
        (route("web", "web").replace("/v1", "/v1beta1"), route("api", "api").replace("/v1", "/v1alpha3")),
        (route("web", "web").replace("/v1", "/v1beta1").replace('"hosts"', '"hostz"'),),
    ),
    Complaint(
        "annotations that are newer than the linter's list, or of others",
        ("ML604",),
        (
            service("web", annotations={"sidecar.istio.io/someNewThing": "a", "x.myistio.io/anything": "b"}),
            service("api", annotations={"traffic.sidecar.istio.io/includeOutboundPorts": "80"}),
        ),
        (service("web", annotations={"networking.istio.io/exportToo": "."}),),
    ),
    Complaint(
        "a VirtualService that names its host twice",
        ("ML240",),
        (manifest("VirtualService", "web", spec={**_CANARY, "hosts": ["web", _FULL]}),),
        (route("a", "web"), route("b", _FULL)),
    ),
    Complaint(
        "VirtualServices that no namespace sees together",
        ("ML240",),
        (
            route("a", _FULL, namespace="one", exportTo=["."]),
            route("b", _FULL, namespace="two", exportTo=["three"]),
        ),
        (
            route("a", _FULL, namespace="one", exportTo=["."]),
            route("b", _FULL, namespace="two", exportTo=["one"]),
        ),
    ),
    Complaint(
        "VirtualServices of one host on a gateway that share it by path",
        ("ML241",),
        (
            route("a", "a.example.com", gateways=["edge/public"], match=[{"uri": {"prefix": "/a"}}]),
            route("b", "a.example.com", gateways=["edge/public"], match=[{"uri": {"prefix": "/b"}}]),
            route("c", "a.example.com", gateways=["edge/public"]),
        ),
        (
            route("a", "a.example.com", gateways=["edge/public"], match=[{"uri": {"prefix": "/a"}}]),
            route("b", "a.example.com", gateways=["edge/public"], match=[{"uri": {"prefix": "/a"}}]),
        ),
    ),
    Complaint(
        "Sidecars of one name in two clusters",
        ("ML731",),
        (manifest("Sidecar", "default", spec={"egress": [{"hosts": ["./*"]}]}),) * 2,
        (
            manifest("Sidecar", "default", spec={"egress": [{"hosts": ["./*"]}]}),
            manifest("Sidecar", "other", spec={"egress": [{"hosts": ["./*"]}]}),
        ),
    ),
    Complaint(
        "ports without protocol that no rule for HTTP is about, and `appProtocol`",
        ("ML602",),
        (
            service("web", "shop", {"name": "main", "port": 80}),
            service("api", "shop", {"name": "main", "port": 80, "appProtocol": "kubernetes.io/h2c"}),
            route("api", "api", "api"),
        ),
        (service("api", "shop", {"name": "main", "port": 80}), route("api", "api", "api")),
    ),
    Complaint(
        "a policy for the pods of a CronJob",
        ("ML605",),
        (
            manifest("AuthorizationPolicy", "job", spec={"selector": {"matchLabels": {"app": "job"}}}),
            deployment("job", kind="CronJob"),
            deployment("web"),
        ),
        (
            manifest("AuthorizationPolicy", "job", spec={"selector": {"matchLabels": {"app": "joob"}}}),
            deployment("job", kind="CronJob"),
            deployment("web"),
        ),
    ),
    Complaint(
        "TLS to a public service without authorities of its own",
        ("ML440", "ML441"),
        (rule("api", "api.example.com", trafficPolicy={"tls": {"mode": "SIMPLE"}}),),
        (rule("api", "api.example.com", trafficPolicy={"tls": {"mode": "SIMPLE", "insecureSkipVerify": True}}),),
        options="--ignore ML440",
    ),
    Complaint(
        "a prefix before an exact path that it does not cover, and regular expressions",
        ("ML230", "ML231"),
        (
            manifest(
                "VirtualService",
                "web",
                spec={
                    "hosts": ["web"],
                    "http": [
                        {"match": [{"uri": {"prefix": "/a/"}}], "route": [{"destination": {"host": "a"}}]},
                        {"match": [{"uri": {"exact": "/a"}}], "route": [{"destination": {"host": "b"}}]},
                        {"match": [{"uri": {"regex": "/(c|d)"}}], "route": [{"destination": {"host": "b"}}]},
                        {"match": [{"uri": {"regex": "/c|/e"}}], "route": [{"destination": {"host": "b"}}]},
                    ],
                },
            ),
        ),
        (
            manifest(
                "VirtualService",
                "web",
                spec={
                    "hosts": ["web"],
                    "http": [
                        {"match": [{"uri": {"prefix": "/a"}}], "route": [{"destination": {"host": "a"}}]},
                        {"match": [{"uri": {"exact": "/a/b"}}], "route": [{"destination": {"host": "b"}}]},
                    ],
                },
            ),
        ),
    ),
    Complaint(
        "hosts of Gateways with a namespace, wildcards on both sides, and several gateways",
        ("ML242",),
        (
            gateway("one", (80, "HTTP", "./other.example.com")),
            gateway("two", (80, "HTTP", "*/*.example.com")),
            route("web", "a.example.com", gateways=["edge/two"]),
            route("wild", "*.example.com", gateways=["edge/two"]),
        ),
        (
            gateway("one", (80, "HTTP", "./a.example.com")),
            route("web", "a.example.com", gateways=["edge/one"]),
        ),
    ),
    Complaint(
        "TCP without addresses where proxies answer DNS",
        ("ML714", "ML735"),
        (
            mesh_config('defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}'),
            entry("db", "db.example.com", protocol="TCP"),
        ),
        (mesh_config("accessLogFile: /dev/stdout"), entry("db", "db.example.com", protocol="TCP")),
    ),
    Complaint(
        "annotations of alpha status",
        ("ML633",),
        (service("web"),),
        (service("web", annotations={"networking.istio.io/exportTo": "."}),),
    ),
    Complaint(
        "one certificate on several ports",
        ("ML525",),
        (
            gateway("one", (443, "HTTPS", "a.example.com", "wildcard")),
            gateway("two", (8443, "HTTPS", "b.example.com", "wildcard")),
        ),
        (
            gateway("one", (443, "HTTPS", "a.example.com", "wildcard")),
            gateway("two", (443, "HTTPS", "b.example.com", "wildcard")),
        ),
    ),
    Complaint(
        "the first hop to a gateway of outgoing traffic",
        ("ML245",),
        (
            manifest("VirtualService", "web", spec=_CANARY),
            gateway("out", (80, "HTTP", "*"), istio="egressgateway"),
            route("out", "a.example.com", "web", gateways=["edge/out"]),
        ),
        (
            manifest("VirtualService", "web", spec=_CANARY),
            gateway("in", (80, "HTTP", "*"), istio="ingressgateway"),
            route("in", "a.example.com", "web", gateways=["edge/in"]),
        ),
    ),
    Complaint(
        "Gateways on different ports, a wildcard beside a host, and the same host in plain HTTP",
        ("ML524",),
        (
            gateway("one", (443, "HTTPS", "a.example.com", "a"), (80, "HTTP", "a.example.com")),
            gateway("two", (8443, "HTTPS", "a.example.com", "a"), (443, "HTTPS", "*.example.com", "w")),
            gateway("three", (80, "HTTP", "a.example.com"), istio="edge", tier="one"),
            gateway("four", (443, "TCP", "*"), istio="other"),
        ),
        (
            gateway("one", (443, "HTTPS", "a.example.com", "a")),
            gateway("two", (443, "HTTPS", "a.example.com", "b"), istio="edge", tier="one"),
        ),
    ),
    Complaint(
        "proxies of another version",
        ("ML631",),
        (deployment("web"),),
        (
            namespace("shop", istio_injection="enabled"),
            manifest(
                "ConfigMap",
                "istio-sidecar-injector",
                "istio-system",
                data={"values": '{"global": {"hub": "h", "tag": "2", "proxy": {"image": "proxyv2"}}}'},
            ),
            manifest(
                "Pod",
                "web",
                spec={"containers": [{"name": "web", "image": "w"}, {"name": "istio-proxy", "image": "h/proxyv2:1"}]},
            ),
        ),
    ),
    Complaint(
        "subsets by the labels of nodes, and subsets that nothing uses",
        ("ML247",),
        (
            rule("web", "web", "shop", "v2"),
            manifest(
                "DestinationRule",
                "zones",
                spec={"host": "api", "subsets": [{"name": "eu", "labels": {"topology.kubernetes.io/region": "eu"}}]},
            ),
            service("web"),
            service("api"),
            deployment("web", app="web", version="v1"),
            deployment("api"),
            route("api", "api", "api", subset="eu"),
        ),
        (
            rule("web", "web", "shop", "v2"),
            service("web"),
            deployment("web", app="web", version="v1"),
            route("web", "web", "web", subset="v2"),
        ),
    ),
    Complaint(
        "patterns of namespaces in policies",
        ("ML443",),
        (
            manifest(
                "AuthorizationPolicy",
                "web",
                spec={"rules": [{"from": [{"source": {"namespaces": ["*", "front*", "*end", "FRONTEND"]}}]}]},
            ),
            namespace("frontend"),
        ),
        (
            manifest(
                "AuthorizationPolicy", "web", spec={"rules": [{"from": [{"source": {"namespaces": ["frontent"]}}]}]}
            ),
            namespace("frontend"),
        ),
    ),
    Complaint(
        "a DestinationRule for a ServiceEntry, for machines, and for a wildcard",
        ("ML248",),
        (
            rule("api", "api.example.com"),
            rule("all", "*.local"),
            entry("api", "api.example.com"),
            service("cart"),
            _OTHER,
        ),
        (rule("web", "webb"), service("cart"), service("checkout"), service("catalog")),
    ),
    Complaint(
        "weights of a single destination, and weights that do not add to 100",
        ("ML201",),
        (
            manifest(
                "VirtualService",
                "web",
                spec={"hosts": ["web"], "http": [{"route": [{"destination": {"host": "web"}, "weight": 10}]}]},
            ),
        ),
        (
            manifest(
                "VirtualService",
                "web",
                spec={
                    "hosts": ["web"],
                    "http": [
                        {
                            "route": [
                                {"destination": {"host": "web"}, "weight": 0},
                                {"destination": {"host": "api"}, "weight": 0},
                            ]
                        }
                    ],
                },
            ),
        ),
    ),
    Complaint(
        "VirtualServices of one host on different gateways",
        ("ML240", "ML241"),
        (
            route("a", "a.example.com", gateways=["edge/one"]),
            route("b", "a.example.com", gateways=["edge/two"]),
        ),
        (
            route("a", "a.example.com", gateways=["edge/one"]),
            route("b", "a.example.com", gateways=["edge/one"]),
        ),
    ),
    Complaint(
        "mTLS in a DestinationRule without a PeerAuthentication beside it",
        ("ML402",),
        (rule("web", "web", trafficPolicy={"tls": {"mode": "ISTIO_MUTUAL"}}), service("web"), deployment("web")),
        (
            rule("web", "web", trafficPolicy={"tls": {"mode": "DISABLE"}}),
            service("web"),
            deployment("web"),
            deployment("api"),
            namespace("shop", istio_injection="enabled"),
            manifest("PeerAuthentication", "strict", spec={"mtls": {"mode": "STRICT"}}),
        ),
    ),
    Complaint(
        "a selector whose pods are in another file",
        ("ML605",),
        (service("web"), deployment("web"), deployment("api")),
        (service("webb", app="webb"), deployment("web-1", app="webs"), deployment("api")),
    ),
    Complaint(
        "methods with wildcards, and those of gRPC",
        ("ML457",),
        (
            manifest(
                "AuthorizationPolicy",
                "web",
                spec={
                    "rules": [{"to": [{"operation": {"methods": ["*", "GET", "POST"], "paths": ["/shop.Cart/Add"]}}]}]
                },
            ),
        ),
        (manifest("AuthorizationPolicy", "web", spec={"rules": [{"to": [{"operation": {"methods": ["GTE"]}}]}]}),),
    ),
    Complaint(
        "DestinationRules of one host with different subsets, and disjoint wildcards",
        ("ML267",),
        (
            rule("one", "web", "shop", "v1"),
            rule("two", "web", "shop", "v2"),
            rule("a", "*.a.svc.cluster.local", trafficPolicy={"tls": {"mode": "ISTIO_MUTUAL"}}),
            rule("b", "*.b.svc.cluster.local", trafficPolicy={"tls": {"mode": "ISTIO_MUTUAL"}}),
        ),
        (
            rule("one", "web", trafficPolicy={"connectionPool": {"tcp": {"maxConnections": 1000}}}),
            rule("two", "web", trafficPolicy={"tls": {"mode": "ISTIO_MUTUAL"}}),
            service("web"),
        ),
    ),
    Complaint(
        "a Gateway of the own namespace by its bare name",
        ("ML208", "ML220", "ML223", "ML242"),
        (gateway("public", (80, "HTTP", "*"), namespace="shop"), route("web", "a.example.com", gateways=["public"])),
        (gateway("public", (80, "HTTP", "*")), route("web", "a.example.com", gateways=["public"])),
    ),
    Complaint(
        "a policy that selects a gateway of the Gateway API",
        ("ML837",),
        (
            manifest("k8sGateway", "public", "shop", {"gatewayClassName": "istio", "listeners": []}),
            manifest(
                "AuthorizationPolicy",
                "web",
                spec={"selector": {"matchLabels": {"gateway.networking.k8s.io/gateway-name": "public"}}},
            ),
        ),
        (
            manifest("k8sGateway", "public", "shop", {"gatewayClassName": "istio-waypoint", "listeners": []}),
            manifest(
                "AuthorizationPolicy",
                "web",
                spec={"selector": {"matchLabels": {"gateway.networking.k8s.io/gateway-name": "public"}}},
            ),
        ),
    ),
    Complaint(
        "routes that a patch adds, which istiod does carry out",
        ("ML831",),
        (
            manifest(
                "EnvoyFilter",
                "limit",
                spec={
                    "configPatches": [{"applyTo": "HTTP_ROUTE", "patch": {"operation": "ADD", "value": {"name": "a"}}}]
                },
            ),
        ),
        (
            manifest(
                "EnvoyFilter",
                "limit",
                spec={
                    "configPatches": [{"applyTo": "CLUSTER", "patch": {"operation": "REPLACE", "value": {"name": "a"}}}]
                },
            ),
        ),
    ),
    Complaint(
        "DNS on TCP and UDP, and two Service ports of one protocol for one port",
        ("ML625",),
        (
            service("dns", "shop", {"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "tcp-dns", "port": 53}),
            service(
                "web",
                "shop",
                {"name": "http", "port": 80, "targetPort": 8080},
                {"name": "http-b", "port": 81, "targetPort": 8080},
            ),
            deployment("dns"),
            deployment("web"),
        ),
        (
            service(
                "web",
                "shop",
                {"name": "http", "port": 80, "targetPort": 8080},
                {"name": "tcp", "port": 81, "targetPort": 8080},
            ),
            deployment("web"),
        ),
    ),
]


@pytest.mark.parametrize("complaint", COMPLAINTS, ids=[item.about for item in COMPLAINTS])
def test_complaint(complaint: Complaint) -> None:
    found = findings(*complaint.innocent, only=complaint.rules, options=complaint.options)
    assert [f"{item.rule} {item.message}" for item in found] == []
    assert findings(*complaint.guilty, only=complaint.rules, options=complaint.options)


def test_rules_about_taste_are_off_unless_asked_for() -> None:
    """IST0128, IST0136, IST0151 and IST0158 as users know them say too much to be on."""
    texts = (
        rule("api", "api.example.com", trafficPolicy={"tls": {"mode": "SIMPLE"}}),
        service("web", annotations={"networking.istio.io/exportTo": "."}),
    )
    assert not {item.rule for item in findings(*texts)} & {"ML440", "ML633", "ML830", "ML631"}


@pytest.mark.parametrize(("release", "expected"), [("1.20", ["ML627"]), ("1.21", [])])
def test_ports_of_an_external_name_play_a_part_before_1_21_only(release: str, expected: list[str]) -> None:
    spec = {"type": "ExternalName", "externalName": "db.example.com", "ports": [{"port": 5432}]}
    found = findings(manifest("Service", "db", spec=spec), only=("ML627",), options=f"--istio-version {release}")
    assert [item.rule for item in found] == expected


_GRANTED = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: web, namespace: shop}}
spec:
  rules:
  - backendRefs: [{{name: stock, namespace: store, port: 80}}]
---
apiVersion: v1
kind: Service
metadata: {{name: stock, namespace: store}}
spec: {{selector: {{app: stock}}, ports: [{{name: http, port: 80}}]}}
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {{name: stock, namespace: store}}
spec:
  from:
  - {{group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: shop}}
  - {{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: {namespace}}}
  to:
  - {{group: "", kind: Secret}}
  - {{group: "", kind: Service}}
"""


def test_every_entry_of_a_reference_grant_counts() -> None:
    """Kiali looked at the first `from` and the first `to` alone."""
    assert not findings(_GRANTED.format(namespace="shop"), only=("ML563",))
    assert findings(_GRANTED.format(namespace="other"), only=("ML563",))


def test_addresses_of_a_service_entry_need_not_hold_those_of_its_workloads() -> None:
    """KIA1201 could not be satisfied with endpoints that are DNS names, so it has no rule here."""
    text = """\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.shop.example]
  addresses: [240.0.0.1]
  location: MESH_INTERNAL
  resolution: DNS
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  workloadSelector: {labels: {app: db}}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: db, namespace: shop}
spec: {address: db.internal.example, labels: {app: db}}
"""
    assert not findings(text)
