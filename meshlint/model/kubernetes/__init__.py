"""Kubernetes kinds, with only those fields that a mesh reads."""
