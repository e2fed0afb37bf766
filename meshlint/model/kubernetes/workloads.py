"""The controllers that make pods, all with a `pod_template`."""

from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.kubernetes.common import LabelSelector
from meshlint.model.kubernetes.pod import Pod, PodTemplateSpec


class ControllerSpec(Message, frozen=True):
    """What Deployment, ReplicaSet and DaemonSet say, as far as a mesh reads it."""

    replicas: int | None = None
    """1 if absent; a DaemonSet has none."""
    selector: LabelSelector | None = None
    template: PodTemplateSpec | None = None


class Deployment(Resource, frozen=True):
    """A Deployment."""

    spec: ControllerSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of its pods."""
        return self.spec.template if self.spec else None


class ReplicaSet(Resource, frozen=True):
    """A ReplicaSet."""

    spec: ControllerSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of its pods."""
        return self.spec.template if self.spec else None


class DaemonSet(Resource, frozen=True):
    """A DaemonSet."""

    spec: ControllerSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of its pods."""
        return self.spec.template if self.spec else None


class StatefulSetSpec(Message, frozen=True):
    """What a StatefulSet says, as far as a mesh reads it."""

    replicas: int | None = None
    """1 if absent."""
    selector: LabelSelector | None = None
    template: PodTemplateSpec | None = None
    service_name: str | None = None
    """The headless Service that gives its pods names."""


class StatefulSet(Resource, frozen=True):
    """A StatefulSet."""

    spec: StatefulSetSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of its pods."""
        return self.spec.template if self.spec else None


class ReplicationControllerSpec(Message, frozen=True):
    """What a ReplicationController says; its selector is a plain map."""

    replicas: int | None = None
    selector: dict[str, str] | None = None
    template: PodTemplateSpec | None = None


class ReplicationController(Resource, frozen=True):
    """A ReplicationController."""

    spec: ReplicationControllerSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of its pods."""
        return self.spec.template if self.spec else None


class JobSpec(Message, frozen=True):
    """What a Job says, as far as a mesh reads it."""

    parallelism: int | None = None
    completions: int | None = None
    selector: LabelSelector | None = None
    template: PodTemplateSpec | None = None


class Job(Resource, frozen=True):
    """A Job: its pods have to end, which an old-style sidecar container prevents."""

    spec: JobSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of its pods."""
        return self.spec.template if self.spec else None


class JobTemplateSpec(Message, frozen=True):
    """The jobs a CronJob makes."""

    spec: JobSpec | None = None


class CronJobSpec(Message, frozen=True):
    """What a CronJob says, as far as a mesh reads it."""

    schedule: str | None = None
    suspend: bool | None = None
    job_template: JobTemplateSpec | None = None


class CronJob(Resource, frozen=True):
    """A CronJob."""

    spec: CronJobSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of the pods of its jobs."""
        job = self.spec.job_template if self.spec else None
        return job.spec.template if job and job.spec else None


class WorkloadRef(Message, frozen=True):
    """The Deployment whose template a Rollout takes."""

    api_version: str | None = None
    kind: str | None = None
    name: str | None = None
    scale_down: str | None = None


class RolloutSpec(Message, frozen=True):
    """What an Argo Rollout says, as far as a mesh reads it. `template` or `workload_ref`."""

    replicas: int | None = None
    selector: LabelSelector | None = None
    template: PodTemplateSpec | None = None
    workload_ref: WorkloadRef | None = None
    strategy: Any = None
    """Its traffic routing writes weights and subset labels into VirtualServices and DestinationRules."""


class Rollout(Resource, frozen=True):
    """An Argo Rollout (`argoproj.io`)."""

    spec: RolloutSpec | None = None
    status: Any = None

    @property
    def pod_template(self) -> PodTemplateSpec | None:
        """The template of its pods; None where it takes that of a Deployment (`workload_ref`)."""
        return self.spec.template if self.spec else None


Workload = Pod | Deployment | StatefulSet | DaemonSet | ReplicaSet | ReplicationController | Job | CronJob | Rollout
"""Everything that runs pods."""
