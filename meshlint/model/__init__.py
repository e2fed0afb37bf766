"""Typed resources: one package per API group, one module per kind. `kinds.py` is the table of them."""
