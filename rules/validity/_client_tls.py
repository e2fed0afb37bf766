"""TLS towards endpoints, in traffic policies and mesh config: reference rows ctls-*."""

from meshlint.model.networking.traffic_policy import ClientTLSSettings

from ._frame import Faults, fault, yaml_name

_CONFIG_MAP = "configmap://"
_FILES = ("client_certificate", "private_key", "ca_certificates", "ca_crl")


def client_tls(given: ClientTLSSettings, namespace: str) -> Faults:
    """All rows; `namespace` is that of the resource."""
    if (given.credential_name or "").startswith(_CONFIG_MAP):
        yield from ctls_configmap(given, namespace)
    if given.insecure_skip_verify:
        yield from ctls_skipverify(given)
    if given.mode in {"SIMPLE", "MUTUAL"} and given.credential_name:
        yield from ctls_credential_plus_files(given)
    elif given.mode == "MUTUAL":
        yield from ctls_mutual(given)


def ctls_configmap(given: ClientTLSSettings, namespace: str) -> Faults:
    """Rows ctls-configmap-format, ctls-configmap-ns; since 1.26."""
    where, slash, rest = (given.credential_name or "").removeprefix(_CONFIG_MAP).partition("/")
    name = rest.partition("/")[0]
    if not (slash and where and name):
        why = "it does not name namespace and ConfigMap"
    elif where != namespace:
        why = f"the ConfigMap has to lie in namespace `{namespace}`"
    else:
        return
    yield fault(
        given,
        "credential_name",
        what=f"`credentialName: {given.credential_name}`",
        why=why,
        help=f"write `configmap://{namespace}/<name>`",
    )


def ctls_skipverify(given: ClientTLSSettings) -> Faults:
    """Rows ctls-skipverify-simple, ctls-skipverify-mutual: what to verify against, where nothing is verified."""
    attributes = {
        "SIMPLE": ("ca_certificates", "credential_name", "subject_alt_names"),
        "MUTUAL": ("ca_certificates", "subject_alt_names"),
    }
    for attribute in attributes.get(given.mode or "", ()):
        if getattr(given, attribute):
            yield fault(
                given,
                attribute,
                what=f"`{yaml_name(given, attribute)}` beside `insecureSkipVerify: true`",
                why="nothing is verified then",
                help=f"remove `insecureSkipVerify`, or `{yaml_name(given, attribute)}`",
            )


def ctls_credential_plus_files(given: ClientTLSSettings) -> Faults:
    """A Secret and files at once."""
    for attribute in _FILES:
        if getattr(given, attribute):
            yield fault(
                given,
                attribute,
                what=f"`{yaml_name(given, attribute)}` beside `credentialName`",
                why="certificates come either from a Secret or from files",
                help="keep one of them",
            )


def ctls_mutual(given: ClientTLSSettings) -> Faults:
    """Rows ctls-mutual-cert, ctls-mutual-key: mTLS with certificates of one's own needs both files."""
    for attribute in ("client_certificate", "private_key"):
        if not getattr(given, attribute):
            yield fault(
                given,
                attribute,
                what=f"`mode: MUTUAL` without `{yaml_name(given, attribute)}`",
                why="the client has to show a certificate",
                help="add `clientCertificate` and `privateKey`, or `credentialName`; Istio's own certificates are `ISTIO_MUTUAL`",
            )
