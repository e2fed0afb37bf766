"""What Gateway and Sidecar listeners have in common: ports and server-side TLS."""

from meshlint.model.base import Message


class Port(Message, frozen=True):
    """A port a proxy listens on."""

    number: int | None = None
    protocol: str | None = None
    """`HTTP`, `HTTPS`, `GRPC`, `GRPC-Web`, `HTTP2`, `MONGO`, `TCP`, `TLS` ..., in any case of letters."""
    name: str | None = None
    target_port: int | None = None
    """Deprecated and without effect; istiod refuses it since 1.20."""


class TLSCertificate(Message, frozen=True):
    """A server certificate from files of the proxy's container."""

    server_certificate: str | None = None
    private_key: str | None = None
    ca_certificates: str | None = None


class ServerTLSSettings(Message, frozen=True):
    """TLS of a server: how the proxy proves itself and what it asks of clients."""

    https_redirect: bool | None = None
    """Answers 301 to every plain-text request."""
    mode: str | None = None
    """`PASSTHROUGH` (the default of an empty message), `SIMPLE`, `MUTUAL`, `OPTIONAL_MUTUAL`, `ISTIO_MUTUAL`, `AUTO_PASSTHROUGH`."""
    server_certificate: str | None = None
    """A path in the proxy's container."""
    private_key: str | None = None
    ca_certificates: str | None = None
    ca_crl: str | None = None
    subject_alt_names: tuple[str, ...] | None = None
    credential_name: str | None = None
    """A Secret in the namespace of the gateway's *workload*, not of the Gateway resource."""
    credential_names: tuple[str, ...] | None = None
    """At most two Secrets, say RSA and ECDSA; instead of `credential_name`. Since Istio 1.26."""
    ca_cert_credential_name: str | None = None
    tls_certificates: tuple[TLSCertificate, ...] | None = None
    """Instead of `credential_name` and `server_certificate`. Since Istio 1.26."""
    verify_certificate_spki: tuple[str, ...] | None = None
    verify_certificate_hash: tuple[str, ...] | None = None
    min_protocol_version: str | None = None
    """`TLS_AUTO` (the default: 1.2), `TLSV1_0` ... `TLSV1_3`."""
    max_protocol_version: str | None = None
    cipher_suites: tuple[str, ...] | None = None
    insecure_skip_verify: bool | None = None
