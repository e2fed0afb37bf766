"""The folder that each test works in."""

from adoption.conftest import shop

__all__ = ["shop"]
