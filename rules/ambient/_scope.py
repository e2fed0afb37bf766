"""What rules about ambient mode share: is a policy about pods in ambient mode only, is a Service without waypoint?"""

from collections.abc import Mapping

from meshlint.api import Answer, AuthorizationPolicy, Mesh, RequestAuthentication, Service, Telemetry, WasmPlugin

Attached = AuthorizationPolicy | RequestAuthentication | Telemetry | WasmPlugin
"""Policies that pick pods by a selector, or name what they are about by `targetRefs`."""


def is_for_ambient(policy: Attached, mesh: Mesh) -> bool:
    """Whether all pods that a policy without `targetRefs` is about surely are in ambient mode.

    Where no file shows them, the label of the namespace speaks for all; not for a selector, whose pods
    may be gateways or exceptions.
    """
    namespace, wanted = mesh.namespace(policy), wanted_labels(policy)
    if namespace == mesh.settings.root_namespace or mesh.is_patched(policy):
        return False
    injection = mesh.injection
    workloads = [item for item in mesh.selectors.picked(namespace, wanted) if not injection.waypoint(item)]
    if workloads:
        return all(injection.ambient(item) is Answer.YES for item in workloads)
    return not wanted and injection.ambient_namespace(namespace) is Answer.YES


def is_without_waypoint(service: Service, mesh: Mesh) -> bool:
    """Whether surely no waypoint stands before a Service."""
    homes = {namespace for namespace, _ in mesh.identities(service)}
    answers = [mesh.injection.uses_waypoint(home, service.labels) for home in homes]
    return all(answer is Answer.NO for answer in answers) and not mesh.is_patched(service)


def wanted_labels(policy: Attached) -> Mapping[str, str]:
    """The labels that a policy selects pods by; empty picks all of its namespace."""
    selector = policy.spec.selector if policy.spec else None
    return selector.wanted if selector else {}
