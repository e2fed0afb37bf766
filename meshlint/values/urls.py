"""URLs as Go reads them, of key sets and of WebAssembly modules."""

from functools import lru_cache

from meshlint.schemas import golang
from meshlint.values import Reason

_HTTP = frozenset({"http", "https"})
_MODULE = frozenset({"", "file", "http", "https", "oci"})
_LONGEST_PORT = 2**63 - 1


@lru_cache(maxsize=1024)
def http_url(text: str) -> Reason:
    """A URL of HTTP or HTTPS; the port may be any number (`ParseJwksURI`, `url.Parse`)."""
    address = text.partition("#")[0]
    try:
        scheme = golang.url_scheme(address)
    except ValueError:
        return "it is no URL"
    if scheme not in _HTTP:
        return f"it has the scheme `{scheme}`, not http or https" if scheme else "it does not begin with `https://`"
    port = address.partition("//")[2].partition("?")[0].partition("/")[0].rpartition("@")[2].rpartition(":")[2]
    return "its port is too large" if port.isdecimal() and int(port[:40]) > _LONGEST_PORT else None


@lru_cache(maxsize=1024)
def module_url(text: str) -> Reason:
    """Where a WebAssembly module is: an image, with `oci://` or without a scheme, a web address or a file.

    `http://` is put in front only of what is no URL as it stands, so the host of `host:5000/a` reads
    as a scheme (`validateWasmPluginURL`).
    """
    try:
        scheme = golang.url_scheme(text)
    except ValueError:
        try:
            golang.url_scheme(f"http://{text}")
        except ValueError:
            return "it is no URL"
        return None
    if scheme in _MODULE:
        return None
    if text[len(scheme) + 1 :].partition("/")[0].isdecimal():
        return f"`{scheme}` is read as the scheme, since a port follows it"
    return f"`{scheme}` is none of the schemes oci, http, https and file"
