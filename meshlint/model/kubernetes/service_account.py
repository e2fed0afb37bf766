"""ServiceAccount: the identity of workloads."""

from meshlint.model.base import Resource
from meshlint.model.kubernetes.common import LocalObjectReference


class ServiceAccount(Resource, frozen=True):
    """An account; a workload that runs as it is `<trust domain>/ns/<namespace>/sa/<name>`."""

    image_pull_secrets: tuple[LocalObjectReference, ...] | None = None
    automount_service_account_token: bool | None = None
