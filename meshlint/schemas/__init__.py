"""Schemas: the gate that says yes or no, the explanation of a no, and what each release knows."""

from meshlint.schemas.catalog import Catalog

__all__ = ["Catalog"]
