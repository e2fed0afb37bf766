"""What runs pods or on machines. Istio's registry sees pods only: kube/controller/pod.go; machines: serviceentry/conversion.go."""

import pytest
from mesh.building import build, named

TEMPLATE = """
    metadata: {labels: {app: a}, annotations: {note: b}}
    spec: {serviceAccountName: robot, containers: [{name: main, image: x, ports: [{containerPort: 80, name: http}]}]}
"""


def controller(kind: str, api: str = "apps/v1") -> str:
    return f"""
apiVersion: {api}
kind: {kind}
metadata: {{name: a, namespace: shop, labels: {{app: not-this}}}}
spec:
  template: {TEMPLATE}
"""


CRON_JOB = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: a, namespace: shop}
spec:
  jobTemplate:
    spec:
      template:
        metadata: {labels: {app: a}, annotations: {note: b}}
        spec:
          serviceAccountName: robot
          containers: [{name: main, image: x, ports: [{containerPort: 80, name: http}]}]
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, labels: {app: a}, annotations: {note: b}}
spec: {serviceAccountName: robot, containers: [{name: main, image: x, ports: [{containerPort: 80, name: http}]}]}
"""


@pytest.mark.parametrize(
    "text",
    [
        controller("Deployment"),
        controller("StatefulSet"),
        controller("DaemonSet"),
        controller("ReplicaSet"),
        controller("ReplicationController", "v1"),
        controller("Job", "batch/v1"),
        controller("Rollout", "argoproj.io/v1alpha1"),
        CRON_JOB,
        POD,
    ],
)
def test_every_kind_that_runs_pods_is_a_workload_with_the_labels_of_its_pods(text):
    mesh = build(text)
    [workload] = mesh.workloads.of("shop")
    assert dict(workload.labels) == {"app": "a"}
    assert dict(workload.annotations) == {"note": "b"}
    assert workload.service_account == "robot"
    assert [port.container_port for port in workload.ports] == [80]
    assert workload.name == "a"
    assert not workload.host_network
    assert not workload.is_machine
    assert mesh.workloads.of_resource(workload.resource) == [workload]
    assert mesh.workloads.readable("shop")


def test_a_rollout_takes_the_template_of_its_workload_ref():
    mesh = build(
        controller("Deployment")
        + """---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: r, namespace: shop}
spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: a}}
"""
    )
    [workload] = mesh.workloads.of_resource(named(mesh, "r"))
    assert dict(workload.labels) == {"app": "a"}
    assert mesh.workloads.readable("shop")


def test_the_labels_of_a_workload_entry_are_those_of_spec_and_metadata_and_metadata_wins():
    mesh = build("""
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm, namespace: shop, labels: {version: v2, region: eu}}
spec: {address: 10.0.0.1, labels: {app: a, version: v1}, serviceAccount: vm}
""")
    [workload] = mesh.workloads.of("shop")
    assert dict(workload.labels) == {"app": "a", "version": "v2", "region": "eu"}
    assert workload.service_account == "vm"
    assert workload.is_machine


def test_a_workload_group_has_the_labels_of_its_metadata_and_template():
    mesh = build("""
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: {name: vm, namespace: shop}
spec:
  metadata: {labels: {app: a}}
  template: {serviceAccount: vm, labels: {app: b, class: vm}}
""")
    [workload] = mesh.workloads.of("shop")
    assert dict(workload.labels) == {"app": "a", "class": "vm"}
    assert workload.service_account == "vm"


def test_without_an_account_pods_run_as_default_and_machines_as_nobody():
    mesh = build("""
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: []}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: vm}
spec: {address: 10.0.0.1}
""")
    assert {item.name: item.service_account for item in mesh.workloads.of("default")} == {"p": "default", "vm": ""}


def test_a_sidecar_of_kubernetes_counts_among_the_ports_another_init_container_does_not():
    mesh = build("""
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  initContainers:
  - {name: migrate, image: x, ports: [{containerPort: 1}]}
  - {name: proxy, image: x, restartPolicy: Always, ports: [{containerPort: 2}]}
  containers: [{name: main, image: x, ports: [{containerPort: 3}]}]
""")
    [workload] = mesh.workloads.all
    assert [port.container_port for port in workload.ports] == [3, 2]


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        ("[{name: a, ports: [{containerPort: 1}]}]", True),
        ("[{name: a}]", False),
        ("[{name: a, ports: [{containerPort: 1}]}, {name: b}]", False),
        ("[{name: a, ports: [{containerPort: 1}]}, {name: istio-proxy}]", True),
        ("[]", False),
    ],
)
def test_ports_are_listed_where_every_container_lists_some(containers, expected):
    mesh = build(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{containers: {containers}}}")
    assert mesh.workloads.all[0].lists_ports is expected


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec: {template: 5}",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}",
        "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: a, namespace: shop}\nspec: {}",
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a, namespace: shop}\nspec: {workloadRef: {name: b}}",
    ],
)
def test_a_namespace_is_not_readable_where_pods_may_come_of_what_cannot_be_read(text):
    mesh = build(text)
    assert mesh.workloads.of("shop") == ()
    assert not mesh.workloads.readable("shop")
    assert mesh.workloads.readable("other")


@pytest.mark.parametrize(
    "head",
    [
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor",
        "apiVersion: policy/v1\nkind: PodDisruptionBudget",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role",
    ],
)
def test_kinds_that_run_no_pods_leave_a_namespace_readable(head):
    assert build(f"{head}\nmetadata: {{name: a, namespace: shop}}").workloads.readable("shop")


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("{service.istio.io/canonical-name: a, app: c}", "a"),
        ("{app.kubernetes.io/name: b, app: c}", "b"),
        ("{app: c}", "c"),
        ("{}", "p"),
    ],
)
def test_the_canonical_service_name(labels, expected):
    mesh = build(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p, labels: {labels}}}\nspec: {{containers: []}}")
    assert mesh.workloads.all[0].app == expected


class Overlays:
    def identities(self, path, namespace, name, kind):
        return {("dev", name), ("prod", f"eu-{name}")}

    def added_labels(self, path):
        return {}

    def patched(self, path, namespace, name, kind):
        return frozenset()

    def incomplete(self, path):
        return False


def test_a_base_is_one_workload_in_every_namespace_that_a_build_gives_it():
    mesh = build(controller("Deployment"), builds=Overlays())
    assert [item.name for item in mesh.workloads.of("dev")] == ["a"]
    assert [item.name for item in mesh.workloads.of("prod")] == ["eu-a"]
    assert mesh.workloads.of("shop") == ()
