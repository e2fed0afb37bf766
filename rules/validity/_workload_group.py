"""What istiod refuses in a WorkloadGroup: reference rows wg-*, in the order of the object.

`ValidateWorkloadGroup`, `validateReadinessProbe`. It does not look into `template`.
"""

from meshlint.api import Target
from meshlint.model.networking.workload_group import (
    ExecHealthCheckConfig,
    HTTPHealthCheckConfig,
    ReadinessProbe,
    TCPHealthCheckConfig,
    WorkloadGroupSpec,
)
from meshlint.values.headers import probe_header_name
from meshlint.values.numbers import port as port_number

from ._frame import Faults, fault, labels, since, yaml_name

_NUMBERS = ("initial_delay_seconds", "timeout_seconds", "period_seconds", "success_threshold", "failure_threshold")


def workload_group(spec: WorkloadGroupSpec, target: Target) -> Faults:
    """Every row; istiod stops at a missing template."""
    if spec.template is None:
        yield from wg_template(spec)
        return
    if spec.metadata is not None:
        yield from labels(spec.metadata, "labels", spec.metadata.labels)  # row wg-labels
    if spec.probe is not None:
        yield from _probe(spec.probe, target)


def wg_template(spec: WorkloadGroupSpec) -> Faults:
    """It may be empty, but has to be there."""
    yield fault(
        spec,
        "template",
        what="a WorkloadGroup without `template`",
        why="the WorkloadEntries are made from it",
        help="write `template: {serviceAccount: ...}`",
    )


def _probe(probe: ReadinessProbe, target: Target) -> Faults:
    yield from wg_probe_negative(probe)
    if probe.http_get is not None:
        yield from wg_probe_port(probe.http_get)
        yield from wg_probe_http_scheme(probe.http_get)
        yield from wg_probe_http_header(probe.http_get, target)
    elif probe.tcp_socket is not None:
        yield from wg_probe_port(probe.tcp_socket)
    elif probe.exec is not None:
        yield from wg_probe_exec(probe.exec)
    else:
        yield from wg_probe_method(probe)


def wg_probe_negative(probe: ReadinessProbe) -> Faults:
    """Of five fields."""
    for name in _NUMBERS:
        value = getattr(probe, name)
        if value is not None and value < 0:
            yield fault(
                probe,
                name,
                what=f"`{yaml_name(probe, name)}: {value}`",
                why="it is negative",
                help="write a positive number, or leave the field out for its default",
            )


def wg_probe_port(method: HTTPHealthCheckConfig | TCPHealthCheckConfig) -> Faults:
    """Rows wg-probe-http-port, wg-probe-tcp-port: 1 to 65535, and not absent."""
    reason = port_number(method.port or 0)
    if reason:
        yield fault(
            method,
            "port",
            what="a probe without `port`" if method.port is None else f"port {method.port} of the probe",
            why=reason,
            help="write the port on which the workload answers the probe",
        )


def wg_probe_http_scheme(http: HTTPHealthCheckConfig) -> Faults:
    """HTTP or HTTPS in capitals; up to 1.23 only istiod's message asked for small letters, its code never did."""
    if http.scheme and http.scheme not in {"HTTP", "HTTPS"}:
        yield fault(
            http,
            "scheme",
            what=f"scheme `{http.scheme}` of the probe",
            why="it knows `HTTP` and `HTTPS` only",
            help=f"write `{'HTTPS' if http.scheme.lower() == 'https' else 'HTTP'}`",
        )


def wg_probe_http_header(http: HTTPHealthCheckConfig, target: Target) -> Faults:
    """Not empty; since 1.23 of letters, digits and `-`, where the API server takes `_` too."""
    for header in http.http_headers or ():
        name = header.name or ""
        reason = probe_header_name(name) if not name or since(target, "1.23") else None
        if reason:
            yield fault(
                header,
                "name",
                what=f"header `{name}` of the probe",
                why=reason,
                help="write a name such as `X-Probe`",
            )


def wg_probe_exec(method: ExecHealthCheckConfig) -> Faults:
    """At least one word."""
    if not method.command:
        yield fault(
            method,
            "command",
            what="`exec` without `command`",
            why="there is nothing to run",
            help="write the command as a list: `[/bin/check, --fast]`",
        )


def wg_probe_method(probe: ReadinessProbe) -> Faults:
    """One that istiod knows: not `grpc`, though the schema and the agent have it since 1.25."""
    if probe.grpc is not None:
        yield fault(
            probe,
            "grpc",
            what="a `grpc` probe",
            why="its webhook knows no such method, though the schema has it",
            help="probe with `tcpSocket`, or with `exec` and a gRPC client",
        )
    else:
        yield fault(
            probe,
            what="a probe without method",
            why="there is nothing to probe",
            help="write one of `httpGet`, `tcpSocket` and `exec`",
        )
