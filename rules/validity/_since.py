"""Rows that Istio has from some release on."""

from functools import lru_cache

from meshlint.api import Target
from meshlint.schemas.versions import Release, number


def since(target: Target, release: Release) -> bool:
    """Whether the target is this release of Istio or a later one."""
    return _reaches(target.istio, release)


@lru_cache(maxsize=256)
def _reaches(target: Release, release: Release) -> bool:
    return number(target) >= number(release)
