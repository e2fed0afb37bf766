"""WebAssembly modules in WasmPlugins and TrafficExtensions: reference rows wp-*, tx-wasm, tx-match."""

import re
from collections.abc import Sequence

from meshlint.api import Target
from meshlint.model.extensions.common import EnvVar, TrafficSelector, VmConfig
from meshlint.model.extensions.traffic_extension import WasmConfig
from meshlint.model.extensions.wasm_plugin import WasmPluginSpec
from meshlint.values.numbers import port as port_number
from meshlint.values.urls import module_url

from ._frame import Faults, fault, since, yaml_name

_SHA256 = re.compile(r"[a-f0-9]{64}")
_SECRET_LIMIT = 253
_NAME_LIMIT = 256
"""Of the plugin and of environment variables; istiod's message speaks of 255."""


def wasm(given: WasmPluginSpec | WasmConfig, target: Target) -> Faults:
    """The fields of a module."""
    yield from wp_url(given)
    yield from wp_sha(given)
    if since(target, "1.23"):
        yield from _length(given, "image_pull_secret", _SECRET_LIMIT)  # row wp-pullsecret
        yield from _length(given, "plugin_name", _NAME_LIMIT)  # row wp-name
    if given.vm_config is not None:
        yield from environment(given.vm_config, target)


def wp_url(given: WasmPluginSpec | WasmConfig) -> Faults:
    """An image, a web address or a file."""
    reason = module_url(given.url) if given.url else "it does not say where the module is"
    if reason:
        yield fault(
            given,
            "url",
            what=f"`url: {given.url}`" if given.url else "a module without `url`",
            why=reason,
            help="write an image such as `oci://registry.example.com/plugin:v1`, or an `https://` or `file://` address",
        )


def wp_sha(given: WasmPluginSpec | WasmConfig) -> Faults:
    """64 digits in lower case."""
    if given.sha256 and not _SHA256.fullmatch(given.sha256):
        yield fault(
            given,
            "sha256",
            what="`sha256`",
            why="it is not 64 characters of 0-9 and a-f",
            help="write the digest as `sha256sum` prints it, without a `sha256:` in front",
        )


def environment(given: VmConfig, target: Target) -> Faults:
    """Rows wp-env-name, wp-env-dup, wp-env-value."""
    names: set[str] = set()
    for variable in given.env or ():
        yield from wp_env_name(variable)
        yield from wp_env_dup(variable, names)
        if since(target, "1.23"):
            yield from wp_env_value(variable)


def wp_env_name(variable: EnvVar) -> Faults:
    """A name of at most 256 characters."""
    if not variable.name:
        yield fault(
            variable,
            "name",
            what="a variable without `name`",
            why="the module cannot read it",
            help="write the name of the variable",
        )
    yield from _length(variable, "name", _NAME_LIMIT)


def wp_env_dup(variable: EnvVar, names: set[str]) -> Faults:
    """No name twice; `names` are those before this one."""
    if variable.name and variable.name in names:
        yield fault(
            variable,
            "name",
            what=f"variable `{variable.name}`",
            why="another one has that name too",
            help="remove one of them",
        )
    names.add(variable.name or "")


def wp_env_value(variable: EnvVar) -> Faults:
    """A value only where it is not taken from the host; since 1.23."""
    if variable.value and variable.value_from not in {None, "INLINE"}:
        yield fault(
            variable,
            "value",
            what=f"`value` of variable `{variable.name or ''}`",
            why=f"with `valueFrom: {variable.value_from}` it comes from the container of the proxy",
            help="remove `value`, or `valueFrom`",
        )


def wp_match(matches: Sequence[TrafficSelector] | None) -> Faults:
    """Ports from 1 to 65535; an entry without number is 0."""
    for match in matches or ():
        for port in match.ports or ():
            reason = port_number(port.number or 0)
            if reason:
                yield fault(
                    port,
                    "number",
                    what=f"port {port.number}" if port.number is not None else "a port without `number`",
                    why=reason,
                    help="write the port that the traffic goes to",
                )


def _length(holder: WasmPluginSpec | WasmConfig | EnvVar, attribute: str, limit: int) -> Faults:
    size = len((getattr(holder, attribute) or "").encode("utf-8", "surrogatepass"))
    if size > limit:
        yield fault(
            holder,
            attribute,
            what=f"`{yaml_name(holder, attribute)}`",
            why=f"it has {size} characters, of which {limit} are allowed",
            help="write a shorter one",
        )
