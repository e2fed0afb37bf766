"""Layouts of repositories on which others cry wolf: nothing is found, and one real mistake beside it is."""

from pathlib import Path

import pytest
from layouts.trees import found, line_of, plant

ONE_SERVICE = """
=== deploy/reviews.yaml
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 9080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata: {labels: {app: reviews, version: v1}}
    spec:
      serviceAccountName: reviews
      containers: [{name: reviews, image: reviews, ports: [{containerPort: 9080}]}]
=== deploy/mesh.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  gateways: [public, edge/shared, mesh]
  http:
  - match: [{uri: {prefix: /ratings}}]
    route:
    - destination: {host: ratings, subset: v2}
  - match: [{uri: {prefix: /account}}]
    route:
    - destination: {host: accounts.identity.svc.cluster.local, port: {number: 8080}}
  - route:
    - destination: {host: reviews}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ratings, namespace: shop}
spec:
  selector: {matchLabels: {app: ratings}}
  rules:
  - from: [{source: {principals: [cluster.local/ns/shop/sa/web, cluster.local/ns/edge/sa/gateway]}}]
"""


def test_one_service_of_a_shared_namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, ONE_SERVICE)
    assert found(tmp_path, monkeypatch) == set()


def test_one_service_with_a_slip_in_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, ONE_SERVICE.replace("- destination: {host: reviews}", "- destination: {host: reveiws}"))
    line = line_of(tmp_path, "deploy/mesh.yaml", "reveiws")
    assert found(tmp_path, monkeypatch) == {("deploy/mesh.yaml", line, "ML206")}


OVERLAYS = """
=== base/kustomization.yaml
resources: [workload.yaml, mesh.yaml]
=== base/workload.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v1}}
    spec:
      serviceAccountName: web
      containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api, version: v1}}
    spec:
      serviceAccountName: api
      containers: [{name: api, image: api, ports: [{containerPort: 8080}]}]
=== base/mesh.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:
    - destination: {host: web, subset: v1}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
spec:
  host: web
  subsets:
  - {name: v1, labels: {version: v1}}
=== overlays/test/kustomization.yaml
namespace: test
resources: [../../base]
patches:
- path: replicas.yaml
=== overlays/test/replicas.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 1}
=== overlays/live/kustomization.yaml
namespace: live
nameSuffix: -live
resources: [../../base, routes.yaml]
patches:
- patch: |-
    - op: add
      path: /spec/subsets/-
      value: {name: v2, labels: {version: v2}}
  target: {kind: DestinationRule, name: web}
- path: canary.yaml
=== overlays/live/canary.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  http:
  - route:
    - destination: {host: web-live, subset: v2}
=== overlays/live/routes.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: internal}
spec:
  hosts: [internal.example]
  http:
  - route:
    - destination: {host: web, subset: v2}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api}
spec:
  hosts: [api-live]
  http:
  - route:
    - destination: {host: api-live}
"""


def test_base_and_two_overlays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, OVERLAYS)
    assert found(tmp_path, monkeypatch) == set()


def test_overlay_with_a_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, OVERLAYS.replace("- destination: {host: api-live}", "- destination: {host: api-lvie}"))
    line = line_of(tmp_path, "overlays/live/routes.yaml", "api-lvie")
    assert found(tmp_path, monkeypatch) == {("overlays/live/routes.yaml", line, "ML206")}


CHART = """
=== charts/web/Chart.yaml
apiVersion: v2
name: web
version: 1.0.0
=== charts/web/values.yaml
host: web
=== charts/web/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Values.host }}
  namespace: {{ .Release.Namespace }}
=== charts/web/templates/quoted.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: "{{ .Values.host }}"
spec:
  host: "{{ .Values.host }}"
=== manifests/api.yaml
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: shop}
spec:
  selector: {app: cache}
  ports: [{name: tcp, port: 6379}]
=== manifests/routes.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec:
  hosts: [api]
  http:
  - match: [{uri: {prefix: /web}}]
    route:
    - destination: {host: storefront}
  - route:
    - destination: {host: api}
"""


def test_chart_beside_manifests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, CHART)
    assert found(tmp_path, monkeypatch) == set()


def test_manifests_beside_a_chart_with_a_wrong_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, CHART.replace("- destination: {host: api}", "- destination: {host: api, port: {number: 81}}"))
    line = line_of(tmp_path, "manifests/routes.yaml", "number: 81")
    assert found(tmp_path, monkeypatch) == {("manifests/routes.yaml", line, "ML209")}


WITHOUT_NAMESPACES = """
=== gateway.yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    tls: {mode: SIMPLE, credentialName: shop}
    hosts: [shop.example.com]
=== web.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports: [{name: http, port: 80}]
=== routes.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [shop]
  http:
  - match: [{uri: {prefix: /api}}]
    route:
    - destination: {host: api.shop.svc.cluster.local}
  - route:
    - destination: {host: web}
"""


def test_resources_without_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, WITHOUT_NAMESPACES)
    assert found(tmp_path, monkeypatch) == set()


def test_resources_without_namespaces_and_a_slip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = WITHOUT_NAMESPACES.replace("{name: web, namespace: shop}", "{name: web}").replace("[shop]", "[shpo]")
    plant(tmp_path, text)
    line = line_of(tmp_path, "routes.yaml", "shpo")
    assert found(tmp_path, monkeypatch) == {("routes.yaml", line, "ML208")}


VARIANTS = """
=== test/reviews.yaml
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 9080}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1, port: {number: 9080}}
=== live/reviews.yaml
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 80, targetPort: 9080}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: stable, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: stable, port: {number: 80}}
"""


def test_monorepo_of_variants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, VARIANTS)
    assert found(tmp_path, monkeypatch) == set()


def test_monorepo_of_variants_with_a_subset_that_none_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, VARIANTS.replace("subset: stable", "subset: canary"))
    line = line_of(tmp_path, "live/reviews.yaml", "subset: canary")
    assert found(tmp_path, monkeypatch) == {("live/reviews.yaml", line, "ML204")}


SAMPLES = """
=== platform/app.yaml
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 9080}]
---
apiVersion: v1
kind: Service
metadata: {name: ratings}
spec:
  selector: {app: ratings}
  ports: [{name: http, port: 9080}]
=== networking/destination-rule-all.yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
=== networking/virtual-service-reviews-50.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - route:
    - {destination: {host: reviews, subset: v1}, weight: 50}
    - {destination: {host: reviews, subset: v2}, weight: 50}
=== networking/virtual-service-reviews-all-v1.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
=== networking/virtual-service-ratings-cached.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ratings}
spec:
  hosts: [ratings]
  http:
  - route:
    - destination: {host: ratings}
    timeout: 10s
"""


def test_samples_with_a_variant_in_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, SAMPLES)
    assert found(tmp_path, monkeypatch) == set()


def test_samples_with_a_subset_that_none_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(
        tmp_path,
        SAMPLES.replace("- destination: {host: reviews, subset: v1}", "- destination: {host: reviews, subset: v3}"),
    )
    path = "networking/virtual-service-reviews-all-v1.yaml"
    assert found(tmp_path, monkeypatch) == {(path, line_of(tmp_path, path, "subset: v3"), "ML204")}


PATCHED = """
=== base/kustomization.yaml
resources: [all.yaml]
=== base/all.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web, track: stable}
  ports: [{name: http, port: 80, targetPort: 9999}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:
    - destination: {host: web, port: {number: 8080}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: late}
spec:
  hosts: [late.example.com]
  http: []
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  rules:
  - from: [{source: {principals: [cluster.local/ns/live/sa/web]}}]
=== overlay/kustomization.yaml
namespace: live
resources: [../base]
patches:
- target: {kind: Service, name: web}
  patch: |-
    - {op: replace, path: /spec/ports/0/port, value: 8080}
    - {op: replace, path: /spec/ports/0/targetPort, value: 8080}
- target: {kind: Deployment, name: web}
  patch: |-
    - {op: add, path: /spec/template/metadata/labels/track, value: stable}
    - {op: add, path: /spec/template/spec/serviceAccountName, value: web}
- target: {kind: VirtualService, name: late}
  patch: |-
    - {op: add, path: /spec/http/-, value: {route: [{destination: {host: web}}]}}
"""


def test_what_a_patch_changes_is_not_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Port, account, labels and routes come with the overlay: the base alone is not the last word."""
    plant(tmp_path, PATCHED)
    assert found(tmp_path, monkeypatch) == set()


def test_beside_a_patch_a_slip_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(
        tmp_path,
        PATCHED.replace("selector: {matchLabels: {app: web}}\n  rules", "selektor: {matchLabels: {app: web}}\n  rules"),
    )
    line = line_of(tmp_path, "base/all.yaml", "selektor")
    assert ("base/all.yaml", line, "ML101") in found(tmp_path, monkeypatch)


STRICT_IN_AN_OVERLAY = """
=== base/kustomization.yaml
resources: [all.yaml]
=== base/all.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
spec:
  host: web
  trafficPolicy: {tls: {mode: %s}}
=== overlay/kustomization.yaml
namespace: live
resources: [../base]
"""


def test_the_namespace_of_an_overlay_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, STRICT_IN_AN_OVERLAY % "DISABLE")
    line = line_of(tmp_path, "base/all.yaml", "DISABLE")
    assert found(tmp_path, monkeypatch) == {("base/all.yaml", line, "ML402")}


def test_mutual_tls_in_an_overlay_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, STRICT_IN_AN_OVERLAY % "ISTIO_MUTUAL")
    assert found(tmp_path, monkeypatch) == set()


HELPER = """
=== cart.yaml
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: cart-redis, namespace: shop}
spec:
  selector: {app: cart-redis}
  ports: [{name: tcp, port: 6379}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - match: [{uri: {prefix: /audit}}]
    route:
    - destination: {host: audit}
  - route:
    - destination: {host: cart%s}
"""


def test_one_service_with_a_helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`cart` and its `cart-redis` say nothing of the neighbours in the namespace."""
    plant(tmp_path, HELPER % "")
    assert found(tmp_path, monkeypatch) == set()


def test_one_service_with_a_helper_and_a_wrong_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, HELPER % ", port: {number: 81}")
    line = line_of(tmp_path, "cart.yaml", "number: 81")
    assert found(tmp_path, monkeypatch) == {("cart.yaml", line, "ML209")}


def test_a_template_that_is_named_still_hides_what_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook names files: the broken template is a finding then, and the Service in it is not missing."""
    plant(
        tmp_path,
        """
=== all.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Values.name }}
=== services.yaml
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: cache}
spec: {selector: {app: cache}, ports: [{name: tcp, port: 6379}]}
=== routes.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web.example.com]
  http: [{route: [{destination: {host: storefront}}]}]
""",
    )
    rules = {rule for _, _, rule in found(tmp_path, monkeypatch, "all.yaml", "services.yaml", "routes.yaml")}
    assert rules == {"ML001"}


EXAMPLES = """
=== shop/gateway.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}]
=== shop/route.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: store}
spec:
  parentRefs: [{name: %s}]
  rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
=== headers/set.yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: store}
spec:
  parentRefs: [{name: elsewhere}]
  rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
"""


def test_an_example_says_nothing_of_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`store` stands twice: what lies in the other folder is not applied together with it."""
    plant(tmp_path, EXAMPLES % "shop")
    assert found(tmp_path, monkeypatch) == set()


def test_an_example_with_its_own_gateway_and_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, EXAMPLES % "public")
    line = line_of(tmp_path, "shop/route.yaml", "public")
    assert found(tmp_path, monkeypatch) == {("shop/route.yaml", line, "ML560")}


SLIPS_UNDER_A_PATCH = """
=== base/kustomization.yaml
resources: [all.yaml]
=== base/all.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 9999}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, version: v1}}
    spec:
      containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
spec:
  host: web
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web.example.com]
  gateways: [edge/public]
  http:
  - match: [{uri: {prefix: /a}}]
    route: [{destination: {host: web, subset: v2}}]
  - timeuot: 5s
    route: [{destination: {host: web}}]
=== overlay/kustomization.yaml
namespace: live
resources: [../base]
replicas: [{name: web, count: 3}]
patches:
- path: deployment.yaml
- target: {kind: VirtualService, name: web}
  patch: "[{op: replace, path: /spec/hosts/0, value: web.live.example.com}]"
- target: {kind: DestinationRule}
  patch: "[{op: add, path: /spec/trafficPolicy, value: {tls: {mode: ISTIO_MUTUAL}}}]"
- target: {kind: Service}
  patch: "[{op: add, path: /metadata/annotations/team, value: a}]"
=== overlay/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {team: a}}
spec:
  template:
    spec:
      nodeSelector: {disk: fast}
      containers: [{name: web, resources: {limits: {memory: 1Gi}}}]
"""


def test_slips_stand_beside_what_patches_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, SLIPS_UNDER_A_PATCH)
    expected = {("targetPort: 9999", "ML601"), ("subset: v2", "ML204"), ("timeuot", "ML101")}
    path = "base/all.yaml"
    assert found(tmp_path, monkeypatch) == {(path, line_of(tmp_path, path, text), rule) for text, rule in expected}


def test_slips_that_patches_may_mend_are_not_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = (
        SLIPS_UNDER_A_PATCH.replace("path: /spec/hosts/0, value: web.live.example.com", "path: /spec/http/-, value: {}")
        .replace("/spec/trafficPolicy, value: {tls: {mode: ISTIO_MUTUAL}}", "/spec/subsets/-, value: {name: v2}")
        .replace("containers: [{name: web, resources", "containers: [{name: more, image: a, resources")
    )
    plant(tmp_path, tree)
    assert found(tmp_path, monkeypatch) == set()


TWO_APPLICATIONS = """
=== argocd/apps.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  source: {repoURL: a, path: overlays/shop}
  destination: {namespace: shop}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: pay, namespace: argocd}
spec:
  source: {repoURL: a, path: apps/pay}
  destination: {namespace: %s}
=== overlays/shop/kustomization.yaml
resources: [../../apps/shop/all.yaml]
=== apps/shop/all.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
spec: {host: web, trafficPolicy: {tls: {mode: DISABLE}}}
=== apps/pay/all.yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}}
"""


def test_applications_that_go_to_two_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, TWO_APPLICATIONS % "pay")
    assert found(tmp_path, monkeypatch) == set()


def test_applications_that_meet_in_one_namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, TWO_APPLICATIONS % "shop")
    line = line_of(tmp_path, "apps/shop/all.yaml", "DISABLE")
    assert found(tmp_path, monkeypatch) == {("apps/shop/all.yaml", line, "ML402")}


RENAMED_BY_A_BUILD = """
=== base/web.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http: [{name: main, route: [{destination: {host: web}, weight: 100}, {destination: {host: web-canary}, weight: 0}]}]
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
  strategy:
    canary:
      stableService: web
      canaryService: web-canary
      trafficRouting: {istio: {virtualService: {name: web, routes: [main]}}}
=== base/kustomization.yaml
resources: [web.yaml]
=== overlay/kustomization.yaml
resources: [../base]
namespace: shop
namePrefix: dev-
"""


def test_a_name_that_a_build_may_replace_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, RENAMED_BY_A_BUILD)
    assert found(tmp_path, monkeypatch) == set()
    plant(tmp_path, "=== overlay/kustomization.yaml\nresources: [../base]\nnamespace: shop\n")
    plant(tmp_path, RENAMED_BY_A_BUILD.partition("=== base/kustomization")[0].replace("[main]", "[first]"))
    assert {rule for _, _, rule in found(tmp_path, monkeypatch)} == {"ML293"}
