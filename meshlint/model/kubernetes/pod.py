"""Pod, and the pod template that every controller has."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from meshlint.model.base import Message, ObjectMeta, Resource
from meshlint.model.kubernetes.common import LocalObjectReference

_NOTHING: Mapping[str, str] = {}


class ContainerPort(Message, frozen=True):
    """A port a container says it listens on. The list informs; a port that is not listed can be reached all the same."""

    name: str | None = None
    container_port: int | None = None
    protocol: str | None = None
    """`TCP` if absent."""
    host_port: int | None = None


class EnvVar(Message, frozen=True):
    """An environment variable: a value, or where it comes from."""

    name: str | None = None
    value: str | None = None
    value_from: Any = None


class EnvFromSource(Message, frozen=True):
    """A ConfigMap whose keys all become variables."""

    config_map_ref: LocalObjectReference | None = None


class HTTPHeader(Message, frozen=True):
    """A header of a probe."""

    name: str | None = None
    value: str | None = None


class HTTPGetAction(Message, frozen=True):
    """An HTTP request of the kubelet. The injector rewrites it, so that it passes STRICT mTLS."""

    path: str | None = None
    port: int | str | None = None
    """A number, or the name of a port of the container."""
    host: str | None = None
    scheme: str | None = None
    """`HTTP` (the default) or `HTTPS`."""
    http_headers: tuple[HTTPHeader, ...] | None = None


class TCPSocketAction(Message, frozen=True):
    """A connection of the kubelet. The sidecar accepts it whether or not the application listens."""

    port: int | str | None = None
    host: str | None = None


class GRPCAction(Message, frozen=True):
    """A gRPC health check of the kubelet."""

    port: int | None = None
    service: str | None = None


class ExecAction(Message, frozen=True):
    """A command inside the container."""

    command: tuple[str, ...] | None = None


class Probe(Message, frozen=True):
    """A health check: exactly one of `http_get`, `tcp_socket`, `grpc`, `exec`."""

    http_get: HTTPGetAction | None = None
    tcp_socket: TCPSocketAction | None = None
    grpc: GRPCAction | None = None
    exec: ExecAction | None = None
    initial_delay_seconds: int | None = None
    timeout_seconds: int | None = None
    """1 if absent."""
    period_seconds: int | None = None
    """10 if absent."""
    success_threshold: int | None = None
    failure_threshold: int | None = None
    """3 if absent."""


class LifecycleHandler(Message, frozen=True):
    """What runs at the start or before the end of a container."""

    http_get: HTTPGetAction | None = None
    tcp_socket: TCPSocketAction | None = None
    exec: ExecAction | None = None
    sleep: Any = None


class Lifecycle(Message, frozen=True):
    """Hooks of a container."""

    post_start: LifecycleHandler | None = None
    pre_stop: LifecycleHandler | None = None


class Capabilities(Message, frozen=True):
    """Capabilities of Linux, added to and dropped from the default."""

    add: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None


class SecurityContext(Message, frozen=True):
    """Rights of a container, which win over those of its pod."""

    run_as_user: int | None = None
    """1337 is the proxy's: redirection leaves the traffic of this user alone."""
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    privileged: bool | None = None
    allow_privilege_escalation: bool | None = None
    read_only_root_filesystem: bool | None = None
    capabilities: Capabilities | None = None


class VolumeMount(Message, frozen=True):
    """A volume of the pod inside a container."""

    name: str | None = None
    mount_path: str | None = None
    sub_path: str | None = None
    read_only: bool | None = None


class ResourceRequirements(Message, frozen=True):
    """What a container asks for and may take: quantities by resource (`cpu`, `memory`)."""

    requests: dict[str, int | float | str] | None = None
    limits: dict[str, int | float | str] | None = None


class Container(Message, frozen=True):
    """A container of a pod."""

    name: str | None = None
    """`istio-proxy` is the sidecar's; a pod that has it is injected already, or customises the injection."""
    image: str | None = None
    """`auto` asks the injector to fill it in."""
    command: tuple[str, ...] | None = None
    args: tuple[str, ...] | None = None
    ports: tuple[ContainerPort, ...] | None = None
    env: tuple[EnvVar, ...] | None = None
    env_from: tuple[EnvFromSource, ...] | None = None
    resources: ResourceRequirements | None = None
    volume_mounts: tuple[VolumeMount, ...] | None = None
    liveness_probe: Probe | None = None
    readiness_probe: Probe | None = None
    startup_probe: Probe | None = None
    lifecycle: Lifecycle | None = None
    security_context: SecurityContext | None = None
    restart_policy: str | None = None
    """`Always` makes an init container a sidecar: it starts before, and runs beside, the containers."""

    def probes(self) -> Iterator[Probe]:
        """The liveness, readiness and startup probe, as far as they are written."""
        for probe in (self.liveness_probe, self.readiness_probe, self.startup_probe):
            if probe:
                yield probe


class PodSecurityContext(Message, frozen=True):
    """Rights of all containers of a pod."""

    run_as_user: int | None = None
    run_as_group: int | None = None
    run_as_non_root: bool | None = None
    fs_group: int | None = None
    sysctls: Any = None


class SecretVolumeSource(Message, frozen=True):
    """A Secret as files."""

    secret_name: str | None = None
    optional: bool | None = None


class ConfigMapVolumeSource(Message, frozen=True):
    """A ConfigMap as files."""

    name: str | None = None
    optional: bool | None = None


class HostPathVolumeSource(Message, frozen=True):
    """A path of the node."""

    path: str | None = None
    type: str | None = None


class Volume(Message, frozen=True):
    """A volume of a pod; of other sources than these three only the name matters to a mesh."""

    name: str | None = None
    secret: SecretVolumeSource | None = None
    config_map: ConfigMapVolumeSource | None = None
    host_path: HostPathVolumeSource | None = None


class PodSpec(Message, frozen=True):
    """What a pod runs, as far as a mesh reads it."""

    containers: tuple[Container, ...] | None = None
    init_containers: tuple[Container, ...] | None = None
    volumes: tuple[Volume, ...] | None = None
    service_account_name: str | None = None
    service_account: str | None = None
    """An old name of `service_account_name`, which wins over it."""
    automount_service_account_token: bool | None = None
    host_network: bool | None = None
    """True: the pod is never injected."""
    host_pid: bool | None = msgspec.field(name="hostPID", default=None)
    share_process_namespace: bool | None = None
    security_context: PodSecurityContext | None = None
    image_pull_secrets: tuple[LocalObjectReference, ...] | None = None
    dns_policy: str | None = None
    restart_policy: str | None = None
    node_name: str | None = None
    node_selector: dict[str, str] | None = None
    termination_grace_period_seconds: int | None = None

    @property
    def account(self) -> str:
        """The ServiceAccount the pod runs as: `default` where it names none."""
        return self.service_account_name or self.service_account or "default"

    def all_containers(self) -> Iterator[Container]:
        """The init containers, then the containers."""
        yield from self.init_containers or ()
        yield from self.containers or ()


class PodTemplateSpec(Message, frozen=True):
    """The pods a controller makes. *Its* labels and annotations are those of the pods, not the controller's."""

    metadata: ObjectMeta | None = None
    spec: PodSpec | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the pods."""
        return self.metadata.labels or _NOTHING if self.metadata else _NOTHING

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations of the pods."""
        return self.metadata.annotations or _NOTHING if self.metadata else _NOTHING


class Pod(Resource, frozen=True):
    """A single pod."""

    spec: PodSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> "Pod":
        """The pod itself: it has `metadata`, `labels`, `annotations` and `spec` as a template has."""
        return self


_INJECT = "sidecar.istio.io/inject"
_YES = frozenset({"y", "yes", "true", "on"})


def keeps_proxy_out(labels: Mapping[str, object], annotations: Mapping[str, object], *, on_host: bool) -> bool:
    """Whether a pod says itself that it is not injected: by label, by annotation, or since it is on the host's network."""
    said = labels.get(_INJECT, annotations.get(_INJECT))
    return on_host or (said is not None and str(said).lower() not in _YES)
