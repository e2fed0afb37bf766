"""Short ways to write the manifests that tests of mTLS need."""


def namespace(name: str, labels: str = "{istio-injection: enabled}") -> str:
    return f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {labels}}}\n"


def pod(name: str, labels: str = "", home: str = "shop", spec: str = "", annotations: str = "{}") -> str:
    """A pod of the app of its name, in the mesh by its namespace; its port `http` is 8080."""
    return f"""---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {home}, labels: {{app: {name}{labels and ", " + labels}}}, annotations: {annotations}}}
spec: {{containers: [{{name: main, image: x, ports: [{{name: http, containerPort: 8080}}]}}]{spec}}}
"""


def service(name: str, more: str = "", home: str = "shop", app: str = "") -> str:
    """A Service of the app of its name: 80 leads to the port `http`, 9090 to 9090."""
    return f"""---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {home}}}
spec:
  selector: {{app: {app or name}}}
  ports: [{{name: http, port: 80, targetPort: http}}, {{name: grpc, port: 9090}}]
  {more}
"""


def authentication(
    name: str, mode: str = "", home: str = "shop", selector: str = "", ports: str = "", created: str = ""
) -> str:
    lines = [
        "---",
        "apiVersion: security.istio.io/v1",
        "kind: PeerAuthentication",
        f"metadata: {{name: {name}, namespace: {home}{created and f', creationTimestamp: {created!r}'}}}",
        "spec:",
        *([f"  selector: {{matchLabels: {selector}}}"] if selector else []),
        *([f"  mtls: {{mode: {mode}}}"] if mode else []),
        *([f"  portLevelMtls: {ports}"] if ports else []),
    ]
    if lines[-1] == "spec:":
        lines[-1] = "spec: {}"
    return "\n".join(lines) + "\n"


def rule(name: str, host: str, policy: str = "{}", home: str = "shop", more: str = "") -> str:
    return f"""---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {home}}}
spec:
  host: {host}
  trafficPolicy: {policy}
  {more}
"""
