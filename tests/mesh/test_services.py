"""Services of workloads, and the ports between them: kube/controller/util.go (FindPort), serviceentry/conversion.go."""

import pytest
from mesh.building import build, named

from meshlint.mesh.answers import Answer
from meshlint.mesh.services import container_port, find_port, target_of
from meshlint.model.kubernetes.service import Service, ServicePort, ServiceSpec
from meshlint.model.networking.service_entry import ServicePort as EntryPort

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  template:
    metadata: {labels: {app: reviews, version: v1}}
    spec:
      containers:
      - {name: main, ports: [{containerPort: 9080, name: web}, {containerPort: 53, name: dns, protocol: UDP}]}
"""


def service(name: str = "reviews", selector: str = "{app: reviews}", more: str = "", namespace: str = "shop") -> str:
    return f"""---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {selector}, ports: [{{name: http, port: 80, targetPort: web}}]{more}}}
"""


@pytest.mark.parametrize(
    ("text", "picks", "answer"),
    [
        (service(), ["reviews"], Answer.YES),
        (service(selector="{app: reviews, version: v1}"), ["reviews"], Answer.YES),
        (service(selector="{app: ratings}"), [], Answer.UNKNOWN),
        (service(selector="{app: review}"), [], Answer.NO),
        (service(namespace="other"), [], Answer.UNKNOWN),
        (service(selector="{}"), [], Answer.UNKNOWN),
        (service(more=", type: ExternalName, externalName: example.com"), [], Answer.UNKNOWN),
        (service(more=", clusterIP: None"), ["reviews"], Answer.YES),
        (service(more=", publishNotReadyAddresses: true"), ["reviews"], Answer.YES),
    ],
)
def test_the_workloads_of_a_service(text, picks, answer):
    mesh = build(DEPLOYMENT + text)
    found = named(mesh, "reviews", "Service")
    assert [item.name for item in mesh.services.workloads(found)] == picks
    assert mesh.services.resolve(found).answer is answer


def test_the_services_of_a_workload_are_all_that_select_it_service_entries_last():
    mesh = build(
        DEPLOYMENT
        + service("a")
        + service("b", "{version: v1}")
        + service("c", "{app: other}")
        + service("d", namespace="other")
        + """---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: e, namespace: shop}
spec:
  hosts: [e.example.com]
  ports: [{number: 80, name: http}]
  location: MESH_INTERNAL
  resolution: STATIC
  workloadSelector: {labels: {app: reviews}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: f, namespace: shop}
spec: {hosts: [f.example.com], ports: [{number: 80, name: http}]}
"""
    )
    [workload] = mesh.workloads.all
    assert [item.name for item in mesh.services.of_workload(workload)] == ["a", "b", "e"]
    assert [item.name for item in mesh.services.of("shop")] == ["a", "b", "c"]
    assert mesh.services.workloads(named(mesh, "e")) == [workload]
    assert mesh.services.workloads(named(mesh, "f")) == ()
    assert [(route.service.name, route.target) for route in mesh.services.routes(workload)] == [
        ("a", 9080),
        ("b", 9080),
        ("e", 80),
    ]


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        (ServicePort(port=80, target_port=8080), 8080),
        (ServicePort(port=80, target_port="web"), "web"),
        (ServicePort(port=80), 80),
        (ServicePort(port=80, target_port=0), 80),
        (ServicePort(port=80, target_port=""), 80),
        (EntryPort(number=443, target_port=8443), 8443),
        (EntryPort(number=443), 443),
    ],
)
def test_what_a_service_port_leads_to(port, expected):
    assert target_of(port) == expected


@pytest.mark.parametrize(
    ("port", "expected", "listens"),
    [
        (ServicePort(port=80, target_port="web"), 9080, Answer.YES),
        (ServicePort(port=80, target_port=9080), 9080, Answer.YES),
        (ServicePort(port=9080), 9080, Answer.YES),
        (ServicePort(port=80), 80, Answer.NO),
        (ServicePort(port=80, target_port="http"), None, Answer.NO),
        (ServicePort(port=80, target_port="9080"), None, Answer.NO),
        (ServicePort(port=53, target_port="dns"), None, Answer.NO),
        (ServicePort(port=53, target_port="dns", protocol="UDP"), 53, Answer.YES),
        (ServicePort(port=53, target_port=53, protocol="TCP"), 53, Answer.NO),
        (ServicePort(port=9080, protocol="UDP"), 9080, Answer.NO),
        (EntryPort(number=80, name="web"), 9080, Answer.YES),
        (EntryPort(number=80, name="web", target_port=1), 9080, Answer.YES),
        (EntryPort(number=80, name="x", target_port=9080), 9080, Answer.YES),
        (EntryPort(number=80), 80, Answer.NO),
    ],
)
def test_the_container_port_of_a_service_port(port, expected, listens):
    mesh = build(DEPLOYMENT)
    [workload] = mesh.workloads.all
    assert container_port(port, workload) == expected
    assert mesh.services.listens(workload, port) is listens


def test_a_number_that_is_not_listed_is_unknown_where_a_container_lists_no_ports():
    mesh = build(DEPLOYMENT + "      - {name: helper}\n")
    [workload] = mesh.workloads.all
    assert mesh.services.listens(workload, ServicePort(port=80, target_port=8080)) is Answer.UNKNOWN
    assert mesh.services.listens(workload, ServicePort(port=80, target_port="nothing")) is Answer.NO


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        (ServicePort(name="http", port=80, target_port=8080), 7070),
        (ServicePort(name="grpc", port=81, target_port=8081), 8081),
        (ServicePort(name="grpc", port=81), 81),
        (ServicePort(name="grpc", port=81, target_port="web"), None),
    ],
)
def test_a_machine_maps_ports_by_the_name_of_the_service_port(port, expected):
    mesh = build("""
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm}
spec: {address: 10.0.0.1, ports: {http: 7070}}
""")
    [workload] = mesh.workloads.all
    assert container_port(port, workload) == expected
    assert mesh.services.listens(workload, port) is Answer.UNKNOWN


def test_of_ports_that_share_a_number_tcp_is_found():
    ports = (ServicePort(name="dns", port=53, protocol="UDP"), ServicePort(name="tcp-dns", port=53))
    found = Service("v1", "Service", spec=ServiceSpec(ports=ports))
    assert find_port(found, 53) is ports[1]
    assert find_port(found, 54) is None
