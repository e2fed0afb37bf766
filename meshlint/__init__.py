"""meshlint: a linter and policy validator for Istio configuration, offline and from files."""

__version__ = "0.1.0"
