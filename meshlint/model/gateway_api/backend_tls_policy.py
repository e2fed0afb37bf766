"""BackendTLSPolicy: TLS from a gateway to a backend."""

from typing import Any

import msgspec

from meshlint.model.base import Message, Resource
from meshlint.model.gateway_api.common import LocalObjectReference


class PolicyTargetReferenceWithSectionName(Message, frozen=True):
    """A Service, and maybe one port of it by name."""

    group: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    """Of release 1.0 only (v1alpha2)."""
    section_name: str | None = None


class SubjectAltName(Message, frozen=True):
    """A name the backend's certificate has to hold."""

    type: str | None = None
    """`Hostname` or `URI`."""
    hostname: str | None = None
    uri: str | None = None


class BackendTLSPolicyValidation(Message, frozen=True):
    """How the backend is verified: CA certificates or the system's."""

    ca_certificate_refs: tuple[LocalObjectReference, ...] | None = None
    """ConfigMaps by default, with the key `ca.crt`."""
    well_known_ca_certificates: str | None = msgspec.field(name="wellKnownCACertificates", default=None)
    """`System`."""
    hostname: str | None = None
    """The SNI, and the name the certificate must hold where there are no `subject_alt_names`."""
    subject_alt_names: tuple[SubjectAltName, ...] | None = None


class BackendTLSConfig(Message, frozen=True):
    """What release 1.0 (v1alpha2) has in place of `validation`."""

    ca_cert_refs: tuple[LocalObjectReference, ...] | None = None
    well_known_ca_certs: str | None = msgspec.field(name="wellKnownCACerts", default=None)
    hostname: str | None = None


class BackendTLSPolicySpec(Message, frozen=True):
    """What a BackendTLSPolicy says."""

    target_refs: tuple[PolicyTargetReferenceWithSectionName, ...] | None = None
    target_ref: PolicyTargetReferenceWithSectionName | None = None
    """Of release 1.0 only (v1alpha2)."""
    validation: BackendTLSPolicyValidation | None = None
    tls: BackendTLSConfig | None = None
    """Of release 1.0 only (v1alpha2)."""
    options: dict[str, str] | None = None


class BackendTLSPolicy(Resource, frozen=True):
    """Says how gateways speak TLS to a Service of the same namespace."""

    spec: BackendTLSPolicySpec | None = None
    status: Any = None
