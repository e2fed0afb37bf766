"""What istiod's webhook refuses in the TLS settings of a Gateway's server or a Sidecar's ingress listener.

`validateTLSOptions` of `pkg/config/validation`. What it only warns of is in rules/gateways.
"""

from meshlint.api import Findings, Gateway, Sidecar, Target, at, finding
from meshlint.model.networking.server import ServerTLSSettings, TLSCertificate

from ._since import since

_WITH_CERTIFICATE = frozenset({"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"})
_ASKING_CLIENTS = frozenset({"MUTUAL", "OPTIONAL_MUTUAL"})


def tls_rows(owner: Gateway | Sidecar, tls: ServerTLSSettings, target: Target) -> Findings:
    """Every row, in the order in which istiod goes."""
    if tls.mode == "ISTIO_MUTUAL":
        yield from tls_istio_mutual_extra(owner, tls, target)
        return
    if since(target, "1.27"):
        yield from tls_one_source(owner, tls)
    if tls.mode in _WITH_CERTIFICATE:
        if tls.credential_name or tls.credential_names:
            return  # tls-credential-shortcut
        yield from tls_mutual_ca(owner, tls)
        if tls.tls_certificates:
            for certificate in tls.tls_certificates:
                yield from tls_server_cert(owner, certificate, tls.mode)
                yield from tls_private_key(owner, certificate, tls.mode)
        else:
            yield from tls_server_cert(owner, tls, tls.mode)
            yield from tls_private_key(owner, tls, tls.mode)
    if since(target, "1.22"):
        yield from tls_crl_credential(owner, tls)
        yield from tls_crl_simple(owner, tls)


_FILES = ("server_certificate", "private_key", "ca_certificates", "credential_name")
_SEVERAL = ("tls_certificates", "credential_names")
_SPELLED = {
    "server_certificate": "serverCertificate",
    "private_key": "privateKey",
    "ca_certificates": "caCertificates",
    "credential_name": "credentialName",
    "tls_certificates": "tlsCertificates",
    "credential_names": "credentialNames",
}


def tls_istio_mutual_extra(owner: Gateway | Sidecar, tls: ServerTLSSettings, target: Target) -> Findings:
    """tls-istio-mutual-extra: istiod issues the certificates itself; lists are looked at since 1.27."""
    for name in _FILES + (_SEVERAL if since(target, "1.27") else ()):
        if getattr(tls, name):
            yield finding(
                at(owner, tls, name),
                f"with `mode: ISTIO_MUTUAL` the certificate comes from istiod, which refuses `{_SPELLED[name]}` here",
                help=f"remove `{_SPELLED[name]}`, or use `mode: SIMPLE` or `MUTUAL`",
            )


def tls_one_source(owner: Gateway | Sidecar, tls: ServerTLSSettings) -> Findings:
    """tls-one-source: since 1.27 the certificates come from one place."""
    sources = [name for name in ("credential_name", "credential_names", "tls_certificates") if getattr(tls, name)]
    if tls.server_certificate and tls.private_key:
        sources.insert(0, "server_certificate")
    if len(sources) > 1:
        said = " and ".join(f"`{_SPELLED[name]}`" for name in sources)
        yield finding(
            at(owner, tls, sources[-1]),
            f"the server's certificate is given more than once, by {said}: istiod refuses that",
            help="keep one of them",
        )


def tls_mutual_ca(owner: Gateway | Sidecar, tls: ServerTLSSettings) -> Findings:
    """tls-mutual-ca: `caCertCredentialName` does not do instead."""
    if tls.mode in _ASKING_CLIENTS and not tls.ca_certificates:
        yield finding(
            at(owner, tls, "ca_certificates"),
            f"with `mode: {tls.mode}` and no `credentialName`, istiod refuses to do without `caCertificates`",
            help="name the file with the CA of the clients in `caCertificates`, or a Secret in `credentialName`",
        )


def tls_server_cert(owner: Gateway | Sidecar, holder: ServerTLSSettings | TLSCertificate, mode: str) -> Findings:
    """tls-server-cert, of the settings or of one of `tlsCertificates`."""
    if not holder.server_certificate:
        yield finding(
            at(owner, holder, "server_certificate"),
            f"with `mode: {mode}` a server needs a certificate: istiod refuses it without `serverCertificate`"
            f"{'' if isinstance(holder, TLSCertificate) else ' or `credentialName`'}",
            help="name a Secret in `credentialName`, or files in `serverCertificate` and `privateKey`",
        )


def tls_private_key(owner: Gateway | Sidecar, holder: ServerTLSSettings | TLSCertificate, mode: str) -> Findings:
    """tls-private-key, likewise; said only where the certificate is there."""
    if holder.server_certificate and not holder.private_key:
        yield finding(
            at(owner, holder, "private_key"),
            f"with `mode: {mode}` the certificate `{holder.server_certificate}` needs its `privateKey`: "
            "istiod refuses the server",
            help="name the file of the key in `privateKey`",
        )


def tls_crl_credential(owner: Gateway | Sidecar, tls: ServerTLSSettings) -> Findings:
    """tls-crl-credential: since 1.22; SIMPLE and MUTUAL never come here (tls-credential-shortcut)."""
    if tls.ca_crl and tls.credential_name:
        yield finding(
            at(owner, tls, "ca_crl"),
            f"istiod refuses `caCrl` together with `credentialName: {tls.credential_name}`",
            help="put the revocation list into the Secret as `ca.crl`, and remove `caCrl`",
        )


def tls_crl_simple(owner: Gateway | Sidecar, tls: ServerTLSSettings) -> Findings:
    """tls-crl-simple: since 1.22; no client certificate is asked for, so none can be revoked."""
    if tls.ca_crl and tls.mode == "SIMPLE":
        yield finding(
            at(owner, tls, "ca_crl"),
            "with `mode: SIMPLE` clients show no certificate, so istiod refuses `caCrl`",
            help="remove `caCrl`, or use `mode: MUTUAL`",
        )
