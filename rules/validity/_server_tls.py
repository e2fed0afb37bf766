"""What istiod refuses in the TLS settings of a server: reference rows tls-*, in the order in which it goes.

They stand in a Gateway's servers and in the ingress listeners of a Sidecar (`validateTLSOptions`).
What istiod only warns of is in rules/gateways.
"""

from meshlint.api import Target
from meshlint.model.networking.server import ServerTLSSettings, TLSCertificate

from ._frame import Faults, fault, since, yaml_name

_WITH_CERTIFICATE = frozenset({"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"})
_ASKING_CLIENTS = frozenset({"MUTUAL", "OPTIONAL_MUTUAL"})
_HELP = "name a Secret in `credentialName`, or files in `serverCertificate` and `privateKey`"


def server_tls(tls: ServerTLSSettings, target: Target) -> Faults:
    """Every row."""
    if tls.mode == "ISTIO_MUTUAL":
        yield from tls_istio_mutual_extra(tls, target)
        return
    if since(target, "1.27"):
        yield from tls_one_source(tls)
    if tls.mode in _WITH_CERTIFICATE:
        if tls.credential_name or tls.credential_names:
            return  # row tls-credential-shortcut
        if tls.mode in _ASKING_CLIENTS:
            yield from tls_mutual_ca(tls)
        for holder in tls.tls_certificates or (tls,):
            yield from tls_server_cert(holder, tls.mode)
            yield from tls_private_key(holder, tls.mode)
    if tls.ca_crl and since(target, "1.22"):
        yield from tls_crl_credential(tls)
        yield from tls_crl_simple(tls)


_ONE = ("server_certificate", "private_key", "ca_certificates", "credential_name")
_SEVERAL = ("tls_certificates", "credential_names")


def tls_istio_mutual_extra(tls: ServerTLSSettings, target: Target) -> Faults:
    """Istiod issues the certificates of ISTIO_MUTUAL itself; it looks at the lists since 1.27."""
    for name in (*_ONE, *_SEVERAL) if since(target, "1.27") else _ONE:
        if getattr(tls, name):
            spelled = yaml_name(tls, name)
            yield fault(
                tls,
                name,
                what=f"`{spelled}`",
                why="with `mode: ISTIO_MUTUAL` the certificates come from istiod",
                help=f"remove `{spelled}`, or use `mode: SIMPLE` or `MUTUAL`",
            )


def tls_one_source(tls: ServerTLSSettings) -> Faults:
    """Since 1.27 the certificates come from one place."""
    sources = [name for name in ("credential_name", "credential_names", "tls_certificates") if getattr(tls, name)]
    if tls.server_certificate and tls.private_key:
        sources.insert(0, "server_certificate")
    if len(sources) > 1:
        yield fault(
            tls,
            sources[-1],
            what="more than one source of the server's certificate",
            why=f"there are {' and '.join(f'`{yaml_name(tls, name)}`' for name in sources)}",
            help="keep one of them",
        )


def tls_mutual_ca(tls: ServerTLSSettings) -> Faults:
    """Who asks clients for certificates needs a CA; `caCertCredentialName` does not do instead."""
    if not tls.ca_certificates:
        yield fault(
            tls,
            "ca_certificates",
            what=f"`mode: {tls.mode}` without `caCertificates`",
            why="the certificates of clients could not be checked, and no `credentialName` names a Secret",
            help="name the file with the CA of the clients in `caCertificates`, or a Secret in `credentialName`",
        )


def tls_server_cert(holder: ServerTLSSettings | TLSCertificate, mode: str) -> Faults:
    """The certificate, of the settings or of an entry of `tlsCertificates`."""
    if not holder.server_certificate:
        yield fault(
            holder,
            "server_certificate",
            what=f"`mode: {mode}` without `serverCertificate`",
            why="the server has no certificate, and no `credentialName` names a Secret",
            help=_HELP,
        )


def tls_private_key(holder: ServerTLSSettings | TLSCertificate, mode: str) -> Faults:
    """The key; said only where there is a certificate, else tls-server-cert tells it all."""
    if holder.server_certificate and not holder.private_key:
        yield fault(
            holder,
            "private_key",
            what=f"`mode: {mode}` without `privateKey`",
            why=f"the certificate `{holder.server_certificate}` cannot be used without its key",
            help=_HELP,
        )


def tls_crl_credential(tls: ServerTLSSettings) -> Faults:
    """Since 1.22; SIMPLE and MUTUAL do not come here, for tls-credential-shortcut."""
    if tls.credential_name:
        yield fault(
            tls,
            "ca_crl",
            what="`caCrl` beside `credentialName`",
            why=f"the revocation list is taken from the Secret `{tls.credential_name}`",
            help="put the list into the Secret as `ca.crl`, and remove `caCrl`",
        )


def tls_crl_simple(tls: ServerTLSSettings) -> Faults:
    """Since 1.22; where clients show no certificate, none can be revoked."""
    if tls.mode == "SIMPLE":
        yield fault(
            tls,
            "ca_crl",
            what="`caCrl` with `mode: SIMPLE`",
            why="clients show no certificate then",
            help="remove `caCrl`, or use `mode: MUTUAL`",
        )
