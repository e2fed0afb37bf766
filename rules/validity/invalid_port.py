"""A port of a Service or of a container that the API server refuses.

The Service or the workload is not created, and everything in the mesh that leads to it finds nothing. The most
usual slip: `protocol` is the protocol of the transport, and `HTTP` is none. What a proxy takes the traffic for is
said by `appProtocol`, or by the name of the port
(<https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/>).

Ports of an Argo Rollout are refused by Argo Rollouts, which checks its pods as the API server does.

| of a Service (`ValidateService`) | |
|---|---|
| `ports[].protocol` | `TCP`, `UDP` or `SCTP`, in capitals |
| `ports[].port`, a number in `ports[].targetPort` | from 1 to 65535; no two ports of one number and protocol |
| `ports[].name` | a DNS label without capitals; needed where there are several ports, and each another |
| a name in `ports[].targetPort` | as the name of a container's port |
| `ports[].appProtocol` | a label key: `http`, `example.com/http` |

| of a container (`validateContainerPorts`) | |
|---|---|
| `ports[].protocol`, `ports[].containerPort` | as above |
| `ports[].name` | up to 15 small letters, digits and single `-`, with a letter; each another |

### Bad

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {app: reviews}
  ports:
  - port: 80
    protocol: HTTP  # ML133
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {app: reviews}
  ports:
  - port: 80
    appProtocol: http
```
"""

import re
from collections.abc import Sequence

from meshlint.api import Findings, Service, Severity, Workload, rule
from meshlint.model.kubernetes.pod import ContainerPort
from meshlint.model.kubernetes.service import ServicePort
from meshlint.values.labels import label_key
from meshlint.values.ports import CONTAINER_PORT_LIMIT, PROTOCOLS, container_port_name, port_number, service_port_name

from ._frame import Fault, Faults, findings

Port = ServicePort | ContainerPort

_NUMBERS = "write a number from 1 to 65535"


@rule("ML133", "invalid-port", severity=Severity.ERROR, since="0.1.0")
def check(resource: Service | Workload) -> Findings:
    if isinstance(resource, Service):
        faults = _service(resource.ports)
    else:
        template = resource.pod_template
        faults = []
        for container in template.spec.all_containers() if template and template.spec else ():
            if container.ports:
                faults += _container(container.ports)
    if faults:
        refuser = "Argo Rollouts" if resource.kind == "Rollout" else "the API server"
        yield from findings(resource, faults, refuser=refuser)


def _service(ports: Sequence[ServicePort]) -> list[Fault]:
    found: list[Fault] = []
    for port in ports:
        if port.protocol and port.protocol not in PROTOCOLS:
            found.append(_no_protocol(port, port.protocol))
        if port.port is not None and (reason := port_number(port.port)):
            found.append(_refused(port, "port", f"port: {port.port}", reason, _NUMBERS))
        if port.target_port:
            found += _target(port, port.target_port)
        if port.name and (reason := service_port_name(port.name)):
            found.append(_refused(port, "name", f"name: {port.name}", reason, _other_name(port.name)))
        if port.app_protocol is not None and (reason := label_key(port.app_protocol)):
            what, advice = f"appProtocol: {port.app_protocol}", "write it as a label key"
            found.append(_refused(port, "app_protocol", what, reason, advice))
    if len(ports) > 1:
        found += (*_unnamed(ports), *_namesakes(ports), *_twins(ports))
    return found


def _container(ports: Sequence[ContainerPort]) -> list[Fault]:
    found: list[Fault] = []
    for port in ports:
        if port.protocol and port.protocol not in PROTOCOLS:
            found.append(_no_protocol(port, port.protocol))
        if port.container_port is not None and (reason := port_number(port.container_port)):
            what = f"containerPort: {port.container_port}"
            found.append(_refused(port, "container_port", what, reason, _NUMBERS))
        if port.name and (reason := container_port_name(port.name)):
            found.append(_refused(port, "name", f"name: {port.name}", reason, _other_name(port.name)))
    if len(ports) > 1:
        found += _namesakes(ports)
    return found


def _target(port: ServicePort, target: int | str) -> Sequence[Fault]:
    if isinstance(target, int):
        reason, advice = port_number(target), _NUMBERS
    else:
        reason, advice = container_port_name(target), "write the name or the number of a container's port"
    return [_refused(port, "target_port", f"targetPort: {target}", reason, advice)] if reason else ()


def _no_protocol(port: Port, written: str) -> Fault:
    """What is wrong with something that is no protocol of the transport, and what to write for it."""
    from meshlint.values.protocols import protocol

    advice = "write `protocol: TCP`, or leave it out"
    if written.upper() in PROTOCOLS:
        advice = f"write `protocol: {written.upper()}`"
    elif isinstance(port, ServicePort) and not protocol(written.lower()):
        advice += f", and say `appProtocol: {written.lower()}`"
    return _refused(port, "protocol", f"protocol: {written}", "it is none of TCP, UDP and SCTP", advice)


def _unnamed(ports: Sequence[ServicePort]) -> Faults:
    for port in ports:
        if not port.name:
            what = f"istiod refuses port {port.port} without `name`: each of several ports needs one"
            yield Fault(port, (), what, "name it after its protocol, as in `http-api`")


def _twins(ports: Sequence[ServicePort]) -> Faults:
    """Ports of one number and protocol."""
    if len({port.port for port in ports}) == len(ports):
        return
    seen = set()
    for port in ports:
        key = (port.port, port.protocol or "TCP")
        if port.port and key in seen:
            what = f"istiod refuses a second port {port.port} of {key[1]}: no two may be the same"
            yield Fault(port, ("port",), what, "remove one of them, or give it a number of its own")
        seen.add(key)


def _namesakes(ports: Sequence[Port]) -> Faults:
    if len({port.name for port in ports}) == len(ports):
        return
    seen = set()
    for port in ports:
        if port.name and port.name in seen:
            what = f"istiod refuses a second port of the name `{port.name}`: no two may be the same"
            yield Fault(port, ("name",), what, "give it a name of its own")
        seen.add(port.name)


def _refused(port: Port, field: str, written: str, reason: str, advice: str) -> Fault:
    return Fault(port, (field,), f"istiod refuses `{written}`: {reason}", advice)


def _other_name(name: str) -> str:
    """The nearest name that may be written."""
    near = re.sub(r"[^a-z0-9]+", "-", name.lower())[:CONTAINER_PORT_LIMIT].strip("-")
    return f"write for example `{near}`" if near and not container_port_name(near) else "give it another name"
