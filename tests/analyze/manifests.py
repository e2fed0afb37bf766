"""Short manifests for the tests of this folder."""

import json
from typing import Any


def manifest(kind: str, name: str, namespace: str | None = "shop", spec: Any = None, **rest: Any) -> str:
    """A document. `labels` and `annotations` go into the metadata, everything else beside `spec`."""
    metadata = {"name": name, "namespace": namespace} if namespace else {"name": name}
    metadata |= {key: rest.pop(key) for key in ("labels", "annotations") if key in rest}
    document = {"apiVersion": _VERSIONS[kind], "kind": kind.removeprefix("k8s"), "metadata": metadata, **rest}
    return json.dumps(document | ({} if spec is None else {"spec": spec}))


_NETWORKING = "networking.istio.io/v1"
_VERSIONS = {
    "AuthorizationPolicy": "security.istio.io/v1",
    "Certificate": "cert-manager.io/v1",
    "ConfigMap": "v1",
    "CronJob": "batch/v1",
    "Deployment": "apps/v1",
    "DestinationRule": _NETWORKING,
    "EnvoyFilter": "networking.istio.io/v1alpha3",
    "Gateway": _NETWORKING,
    "k8sGateway": "gateway.networking.k8s.io/v1",
    "Namespace": "v1",
    "PeerAuthentication": "security.istio.io/v1",
    "Pod": "v1",
    "Secret": "v1",
    "Service": "v1",
    "ServiceEntry": _NETWORKING,
    "Sidecar": _NETWORKING,
    "Telemetry": "telemetry.istio.io/v1",
    "VirtualService": _NETWORKING,
}


def route(name: str, host: str, to: str = "web", namespace: str | None = "shop", **spec: Any) -> str:
    """A VirtualService with one HTTP route. `subset`, `port` and `match` are of the route."""
    destination: dict[str, Any] = {"host": to}
    if "subset" in spec:
        destination["subset"] = spec.pop("subset")
    if "port" in spec:
        destination["port"] = {"number": spec.pop("port")}
    http: dict[str, Any] = {"route": [{"destination": destination}]}
    if "match" in spec:
        http["match"] = spec.pop("match")
    return manifest("VirtualService", name, namespace, {"hosts": [host], "http": [http], **spec})


def service(name: str, namespace: str | None = "shop", *ports: Any, app: str | None = None, **rest: Any) -> str:
    """A Service; ports are numbers or mappings."""
    listed = [port if isinstance(port, dict) else {"name": f"http-{port}", "port": port} for port in ports or (80,)]
    return manifest("Service", name, namespace, {"selector": {"app": app or name}, "ports": listed}, **rest)


def deployment(name: str, namespace: str | None = "shop", kind: str = "Deployment", **labels: str) -> str:
    """A Deployment (or another controller) whose pods have these labels, by default `app`."""
    pod = {"metadata": {"labels": labels or {"app": name}}, "spec": {"containers": [{"name": name, "image": "a/b:1"}]}}
    spec: dict[str, Any] = {"selector": {"matchLabels": labels or {"app": name}}, "template": pod}
    if kind == "CronJob":
        spec = {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": pod}}}
    return manifest(kind, name, namespace, spec)


def gateway(name: str, *servers: Any, namespace: str | None = "edge", **selector: str) -> str:
    """A Gateway; a server is (port, protocol, host, certificate)."""
    listed = []
    for index, (port, protocol, host, *certificate) in enumerate(servers):
        server: dict[str, Any] = {
            "port": {"number": port, "protocol": protocol, "name": f"{protocol.lower()}-{index}"},
            "hosts": [host],
        }
        if protocol in {"HTTPS", "TLS"}:
            name_of = certificate[0] if certificate else None
            server["tls"] = {"mode": "SIMPLE", "credentialName": name_of} if name_of else {"mode": "PASSTHROUGH"}
        listed.append(server)
    return manifest("Gateway", name, namespace, {"selector": selector or {"istio": "edge"}, "servers": listed})


def rule(name: str, host: str, namespace: str = "shop", *subsets: str, **spec: Any) -> str:
    """A DestinationRule with subsets by `version`."""
    listed = [{"name": subset, "labels": {"version": subset}} for subset in subsets]
    return manifest(
        "DestinationRule", name, namespace, {"host": host, **({"subsets": listed} if listed else {}), **spec}
    )


def entry(name: str, host: str, namespace: str = "shop", protocol: str = "HTTPS", **spec: Any) -> str:
    """A ServiceEntry with port 443."""
    ports = [{"number": 443, "name": "port", **({"protocol": protocol} if protocol else {})}]
    return manifest("ServiceEntry", name, namespace, {"hosts": [host], "ports": ports, "resolution": "DNS", **spec})


def mesh_config(text: str) -> str:
    """The ConfigMap of istiod."""
    return manifest("ConfigMap", "istio", "istio-system", data={"mesh": text})


def namespace(name: str, **labels: str) -> str:
    """A Namespace."""
    return manifest("Namespace", name, None, labels={key.replace("_", "-"): value for key, value in labels.items()})
