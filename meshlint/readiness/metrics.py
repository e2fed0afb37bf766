"""R19: whoever scrapes metrics calls the pods by address and in plain text, which a STRICT port refuses."""

from collections.abc import Iterator

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.mtls import Wire
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import Level

_HELP = (
    "merge the metrics into the proxy's (port 15020), scrape with the mesh's certificates, or leave the port PERMISSIVE"
)


def check(ground: Ground) -> Iterator[Found]:
    """Every port that is scraped, by annotations of the pods, ServiceMonitors and PodMonitors."""
    scrapes = ground.mesh.scrapes
    for scrape in scrapes.all:
        if ground.takes(scrape.workload, scrape.port, Wire.PLAIN) is not Answer.NO:
            continue
        scraper = scrapes.bare_scraper
        who = (
            f"Prometheus (`{scraper.name}`), which has no proxy,"
            if scraper
            else "a Prometheus without the mesh's certificates"
        )
        yield Found(
            scrape.workload,
            "R19",
            Level.BLOCKER if scraper else Level.WARNING,
            f"{who} scrapes port {scrape.port} in plain text: STRICT refuses it, and its metrics are lost",
            _HELP,
            scrape.place,
            ((at(scraper.resource), "Prometheus"),) if scraper else (),
        )
