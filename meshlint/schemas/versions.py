"""Which releases meshlint knows, and the ones a run checks against."""

import os
from functools import lru_cache

import msgspec

from meshlint._bundled import folder

Release = str
"""`1.24`; of the Gateway API also `1.4-standard`: that release without its experimental channel."""


def _read() -> dict[str, list[Release]]:
    with open(os.path.join(folder("schemas"), "releases.json"), "rb") as file:
        return msgspec.json.decode(file.read(), type=dict[str, list[str]])


RELEASES = _read()
"""Project (`istio`, `gateway-api`) to its releases, oldest first."""
NEWEST_ISTIO: Release = RELEASES["istio"][-1]
NEWEST_GATEWAY_API: Release = RELEASES["gateway-api"][-1]


class Target(msgspec.Struct, frozen=True):
    """The releases that a run checks against.

    Fields and kinds of the Gateway API's experimental channel are legal, since what is installed
    cannot be seen from files; `gateway_api="1.4-standard"` allows the standard channel only.
    """

    istio: Release = NEWEST_ISTIO
    gateway_api: Release = NEWEST_GATEWAY_API

    def of(self, project: str) -> Release:
        """The release of one project."""
        return self.istio if project == "istio" else self.gateway_api


@lru_cache(maxsize=64)
def number(release: Release) -> tuple[int, ...]:
    """`1.24` as (1, 24), for comparisons; the channel plays no part."""
    return tuple(int(part) for part in release.partition("-")[0].split("."))


def is_before(one: Release, other: Release) -> bool:
    """Whether a release is older than another of the same project."""
    return number(one) < number(other)


def known(project: str) -> tuple[Release, ...]:
    """The releases that an option may name: those of both channels for the Gateway API."""
    releases = tuple(RELEASES[project])
    return releases if project == "istio" else releases + tuple(f"{release}-standard" for release in releases)
