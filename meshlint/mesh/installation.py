"""What the input says of how Istio was installed, besides mesh config: Helm values and istiod's environment.

Values come from the resources that `carriers.values_of` knows (an IstioOperator, a HelmRelease ...), and from
the ConfigMap `istio-sidecar-injector` of a running installation. istiod's environment comes from its
Deployment and from the values that end up there (`pilot.env`).
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.carriers import values_of
from meshlint.model.base import Generic
from meshlint.reading.data import dig, mapping

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.kubernetes.config import ConfigMap


class Installation:
    """Values of the installation, by dotted path."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh

    def values(self, path: str) -> list[Any]:
        """Every value written at a dotted path of Helm values (`global.proxy.clusterDomain`)."""
        found = [dig(values, *path.split(".")) for values in self._values]
        return [value for value in found if value is not None]

    def environment(self, name: str) -> list[str]:
        """Every value that istiod's environment is given for a variable (`PILOT_...`)."""
        texts = [value for environment in self._environments for key, value in environment if key == name]
        written = [dig(values, "pilot", "env", name) for values in self._values]
        return texts + [_text(value) for value in written if value is not None]

    def arguments(self, option: str) -> list[str]:
        """Every value that istiod's command line gives for an option (`--domain`)."""
        return [value for args in self._arguments for value in _option(args, option)]

    @cached_property
    def profiles(self) -> frozenset[str]:
        """The profiles that are installed (`ambient`, `demo` ...), as far as they are named."""
        operators = {item.spec.profile or "" for item in self._mesh.of_class("IstioOperator") if item.spec}
        written = [dig(item.content, "spec", "profile") for item in self._sail_resources]
        written += self.values("profile") + self.values("global.profile")  # `zzz_profile.yaml` of the charts
        return frozenset(operators | {name for name in written if isinstance(name, str)}) - {""}

    @property
    def is_known(self) -> bool:
        """Whether the input holds any of it."""
        return bool(self._values or self._environments)

    @cached_property
    def _values(self) -> list[Mapping[str, Any]]:
        return [values for values in self._read_values() if values]

    def _read_values(self) -> Iterator[Mapping[str, Any]]:
        for operator in self._mesh.of_class("IstioOperator"):
            yield mapping(operator.spec.values) if operator.spec else {}
        for resource in self._mesh.all(Generic):
            for values in values_of(mapping(resource.content)):
                yield values.content
        for config in self._mesh.of_class("ConfigMap"):
            if config.name.startswith("istio-sidecar-injector"):
                yield _injector(config)

    @cached_property
    def _sail_resources(self) -> list[Generic]:
        """The installations of the Sail operator."""
        found = [item for item in self._mesh.all(Generic) if item.kind == "Istio"]
        return [item for item in found if item.api_version.startswith("sailoperator.io/")]

    @cached_property
    def _istiods(self) -> list[Any]:
        deployments = [item for item in self._mesh.of_class("Deployment") if item.name.startswith("istiod")]
        templates = [item.pod_template for item in deployments]
        specs = [template.spec for template in templates if template and template.spec]
        return [item for spec in specs for item in spec.containers or () if item.name == "discovery"]

    @cached_property
    def _environments(self) -> list[list[tuple[str, str]]]:
        return [
            [(item.name or "", item.value) for item in container.env or () if item.value is not None]
            for container in self._istiods
        ]

    @cached_property
    def _arguments(self) -> list[tuple[str, ...]]:
        return [container.args or () for container in self._istiods]


def _injector(config: "ConfigMap") -> Mapping[str, Any]:
    """The values of the injector's ConfigMap, and its policy as a value of the name `policy`."""
    data = config.data or {}
    try:
        values = mapping(msgspec.json.decode(data.get("values", "{}")))
    except msgspec.DecodeError:
        values = {}
    policies = [
        line.partition(":")[2].strip(" \"'") for line in data.get("config", "").splitlines() if line[:7] == "policy:"
    ]
    return {**values, "policy": policies[0]} if policies else values


def _option(args: tuple[str, ...], option: str) -> Iterator[str]:
    for number, text in enumerate(args):
        if text.startswith(f"{option}="):
            yield text.partition("=")[2]
        elif text == option and number + 1 < len(args):
            yield args[number + 1]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
