"""Files with values that somebody fills in later: nothing is said of such a value, wherever it stands."""

import pytest
from support import findings

FORMS = [
    "${%s}",
    "${%s:=x}",
    "$(%s)",
    "@%s@",
    "__%s__",
    "#{%s}#",
    "<%s>",
    "[[ .%s ]]",
    "<%%= %s %%>",
    "((%s))",
    "YOUR_%s",
    "{{ %s }}",
]
FIELDS = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: "?NAME", namespace: "?SPACE"}
spec:
  hosts: ["?HOST"]
  gateways: ["?OTHER/?GATEWAY", "?GATEWAY"]
  exportTo: ["?SPACE"]
  http:
  - match: [{uri: {prefix: "?PATH"}, headers: {"?HEADER": {exact: "?VALUE"}}, sourceNamespace: "?SPACE"}]
    route:
    - {destination: {host: "?HOST", subset: "?SUBSET", port: {number: "?PORT"}}, weight: "?WEIGHT"}
    - {destination: {host: "web.?SPACE.svc.cluster.local", subset: "?SUBSET"}, weight: "?WEIGHT"}
    timeout: "?TIME"
    retries: {attempts: "?COUNT", perTryTimeout: "?TIME", retryOn: "?CAUSE"}
    fault: {delay: {fixedDelay: "?TIME", percentage: {value: "?PART"}}}
    corsPolicy: {allowOrigins: [{exact: "https://?HOST"}], maxAge: "?TIME", allowMethods: ["?METHOD"]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: "?NAME", namespace: "?SPACE"}
spec:
  host: "?HOST"
  trafficPolicy:
    connectionPool: {tcp: {maxConnections: "?COUNT", connectTimeout: "?TIME"}}
    outlierDetection: {interval: "?TIME", maxEjectionPercent: "?PART"}
    tls: {mode: "?MODE", sni: "?HOST", credentialName: "?NAME"}
  subsets: [{name: "?SUBSET", labels: {version: "?LABEL"}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: "?NAME", namespace: "?SPACE"}
spec:
  selector: {istio: "?LABEL"}
  servers:
  - port: {number: "?PORT", name: "https-?NAME", protocol: "?PROTOCOL"}
    hosts: ["?HOST", "?SPACE/?HOST", "*.?HOST"]
    tls: {mode: "?MODE", credentialName: "?NAME"}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: "?NAME"}
spec:
  hosts: ["?HOST"]
  addresses: ["?ADDRESS"]
  location: "?PLACE"
  resolution: "?MEANS"
  ports: [{number: "?PORT", name: "?NAME", protocol: "?PROTOCOL"}]
  endpoints: [{address: "?ADDRESS", labels: {a: "?LABEL"}}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: "?NAME", namespace: "?SPACE"}
spec: {selector: {matchLabels: {app: "?LABEL"}}, mtls: {mode: "?MODE"}, portLevelMtls: {"?PORT": {mode: "?MODE"}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: "?NAME", namespace: "?SPACE"}
spec:
  selector: {matchLabels: {app: "?LABEL"}}
  action: "?ACTION"
  rules:
  - from: [{source: {principals: ["?WHO", "cluster.local/ns/?SPACE/sa/?WHO"], ipBlocks: ["?ADDRESS"]}}]
    to: [{operation: {hosts: ["?HOST"], methods: ["?METHOD"], paths: ["?PATH"], ports: ["?PORT"]}}]
    when: [{key: "?KEY", values: ["?VALUE"]}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: "?NAME", namespace: "?SPACE"}
spec:
  workloadSelector: {labels: {app: "?LABEL"}}
  egress: [{hosts: ["?SPACE/*", "./?HOST", "?OTHER/?HOST"]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: "?NAME", namespace: "?SPACE"}
spec:
  parentRefs: [{name: "?GATEWAY", namespace: "?OTHER", sectionName: "?SECTION", port: "?PORT"}]
  hostnames: ["?HOST"]
  rules:
  - matches: [{path: {type: PathPrefix, value: "?PATH"}, method: "?METHOD"}]
    backendRefs: [{name: "?NAME", namespace: "?SPACE", port: "?PORT", weight: "?WEIGHT"}]
---
apiVersion: v1
kind: Service
metadata: {name: "?NAME", namespace: "?SPACE"}
spec: {selector: {app: "?LABEL"}, ports: [{name: "?NAME", port: "?PORT", targetPort: "?PORT", appProtocol: "?PROTOCOL"}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "?NAME", namespace: "?SPACE"}
spec:
  selector: {matchLabels: {app: "?LABEL"}}
  template:
    metadata: {labels: {app: "?LABEL"}, annotations: {sidecar.istio.io/inject: "?SWITCH", proxy.istio.io/config: "?VALUE"}}
    spec: {serviceAccountName: "?WHO", containers: [{name: "?NAME", image: "?IMAGE", ports: [{containerPort: "?PORT"}]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: "?SPACE", labels: {istio-injection: "?SWITCH", istio.io/rev: "?REVISION"}}
"""


def _filled(form: str) -> str:
    parts = FIELDS.split("?")
    words = [part[: len(part) - len(part.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))] for part in parts[1:]]
    return parts[0] + "".join(form % word + part[len(word) :] for word, part in zip(words, parts[1:], strict=True))


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_said_of_a_value_to_be_filled_in(form: str) -> None:
    text = _filled(form)
    assert [(item.rule, text.splitlines()[item.line - 1]) for item in findings(text)] == []


def test_beside_them_a_slip_is_found() -> None:
    text = _filled("${%s}").replace("    timeout:", "    timeuot:")
    assert [item.rule for item in findings(text)] == ["ML101"]
