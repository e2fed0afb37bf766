"""What rules about waypoints share: is a Service without one?"""

from meshlint.api import Answer, Mesh, Service


def is_without_waypoint(service: Service, mesh: Mesh) -> bool:
    """Whether surely no waypoint stands before a Service."""
    homes = mesh.homes(service)
    answers = [mesh.injection.uses_waypoint(home, service.labels) for home in homes]
    return all(answer is Answer.NO for answer in answers) and not mesh.is_patched(service)
