"""`meshlint route --from NAMESPACE/NAME --to URL PATHS`: which way does a request go, and who decides it?"""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click
import msgspec

from meshlint.cli.inputs import plan
from meshlint.cli.options import OF_FINDINGS, Grouped, given, shared_options
from meshlint.cli.settings import effective, settings_of
from meshlint.cli.usage import Failure
from meshlint.engine import Survey, survey
from meshlint.findings import Place
from meshlint.mesh.decisions import Decision, Outcome
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.requests import Request, parse
from meshlint.mesh.workloads import Workload
from meshlint.model.kinds import GATEWAY_API
from meshlint.model.networking.gateway import Gateway
from meshlint.report.cells import visible
from meshlint.report.terminal import Palette, settings_for
from meshlint.results import spot_of
from meshlint.suggest import nearest

_OWN = frozenset({"source", "to", "method", "header"})
_READ = ("ML001",)
"""Text that does not parse is all that is wanted of the rules: what it holds is not visible."""


class Route(Grouped):
    """The command with its examples."""

    examples = (
        (
            "meshlint route --from shop/web --to http://catalog:9000/items .",
            "a call of a workload, through its sidecar",
        ),
        (
            "meshlint route --from edge/shop --to https://shop.example.com/ .",
            "a request that comes in by Gateway edge/shop",
        ),
        ("meshlint route --from shop/web --to grpc://catalog:9000/shop.Catalog/List .", "a call of gRPC"),
    )


@click.command(cls=Route, params=shared_options(leave_out=OF_FINDINGS))
@click.option(
    "--from", "source", required=True, metavar="NAMESPACE/NAME", help="The workload, or the Gateway, it comes from."
)
@click.option("--to", required=True, metavar="URL", help="http, https, grpc or tcp; the host as the client names it.")
@click.option("--method", default="GET", metavar="METHOD", help="The method of the request.  [default: GET]")
@click.option("--header", multiple=True, metavar="NAME:VALUE", help="A header of the request; repeat for several.")
@click.pass_context
def route(context: click.Context, /, source: str, to: str, method: str, header: tuple[str, ...], **_: Any) -> int:
    """Follow a request through routes, subsets and policies, and print who decides what.

    Exit code: 0 if the request arrives or is answered on purpose, 1 if it fails, or nobody can tell.
    """
    request = _request(to, method, header)
    settings = effective({name: value for name, value in given(context).items() if name not in _OWN})
    told = settings_of(settings)
    known = told.selection.known
    selection = msgspec.structs.replace(told.selection, rules={code: known[code] for code in _READ if code in known})
    planned = plan(settings)
    read = survey(planned.given, msgspec.structs.replace(told, selection=selection))
    for failure in planned.failures:
        sys.stderr.write(f"note: {failure.path}: {failure.reason}\n")
    decision = decide(read.mesh, source, request)
    palette = Palette(settings_for(sys.stdout, settings.config.color).color)
    sys.stdout.writelines(f"{line}\n" for line in lines(decision, _located(read), palette))
    return 0 if decision.outcome in {Outcome.ROUTED, Outcome.ANSWERED, Outcome.PASSED} else 1


def decide(mesh: Mesh, source: str, request: Request) -> Decision:
    """Follow a request from `namespace/name`: a workload, or a Gateway of Istio's or of the Gateway API."""
    namespace, slash, name = source.partition("/")
    if not slash or not name:
        raise Failure(f"`{source}` is no client", help="write `namespace/name` of a workload or of a Gateway")
    workload = next((item for item in mesh.workloads.of(namespace) if item.name == name), None)
    if workload is not None:
        gateways = _gateways_of(mesh, workload)
        if gateways:
            return mesh.routing.from_gateway(gateways, request, workload.labels)
        return mesh.routing.from_workload(workload, request)
    written = [item for item in mesh.find("Gateway", namespace, name) if isinstance(item, Gateway)]
    if written:
        return mesh.routing.from_gateway(written, request, written[0].selector)
    listening = next(iter(mesh.find("Gateway", namespace, name, GATEWAY_API)), None)
    if listening is not None:
        from meshlint.mesh.listener_routing import ListenerRouting
        from meshlint.model.gateway_api.gateway import Gateway as ApiGateway

        if isinstance(listening, ApiGateway):
            return ListenerRouting(mesh).from_gateway(listening, request)
    known = [f"{item.namespace}/{item.name}" for item in mesh.workloads.all]
    near = nearest(source, known)
    raise Failure(
        f"the input has no workload and no Gateway `{source}`", help=f"did you mean `{near}`?" if near else None
    )


def lines(decision: Decision, located: Callable[[Place], str], palette: Palette) -> Iterator[str]:
    """The path as text: one step a line with its place, then how it ends."""
    steps = decision.steps
    ends = max(len(decision.targets), 1)
    width = max((len(visible(step.text)) for step in steps), default=0)
    for number, step in enumerate(steps, 1):
        place = f"  {palette.faint(located(step.place))}" if step.place is not None else ""
        text = visible(step.text).ljust(width if place else 0)
        mark = "=>" if number > len(steps) - ends else f"{number}."
        yield f"{mark:<3} {palette.bold(text) if mark == '=>' else text}{place}"


def _gateways_of(mesh: Mesh, workload: Workload) -> Sequence[Gateway]:
    return [item for item in mesh.all(Gateway) if item.selector and item.selector.items() <= workload.labels.items()]


def _located(read: Survey) -> Callable[[Place], str]:
    def located(place: Place) -> str:
        spot = spot_of(place, read.mesh.origin(place.resource))
        return f"{visible(read.locator.path(spot))}:{read.locator.region(spot).line}"

    return located


def _request(to: str, method: str, header: Sequence[str]) -> Request:
    headers = {}
    for text in header:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            raise Failure(f"`{text}` is no header", help="write `--header name:value`")
        headers[name.strip()] = value.strip()
    try:
        return parse(to, method, headers)
    except ValueError as error:
        raise Failure(
            f"`{to}` cannot be followed: {error}", help="write a URL such as `http://reviews:9080/api`"
        ) from error
