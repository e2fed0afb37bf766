"""Keys of mesh config that istiod does not know.

istiod decodes mesh config, and the annotation of pods, with unknown fields allowed (`ApplyYAML` of
pkg/util/protomarshal in istio/istio): what is misspelt is dropped without a word. The model knows the fields of the newest
release, and so says nothing of one that is only too new for the target.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from meshlint.findings import Part, Spot
from meshlint.model.mesh_config.mesh_config import API_VERSION, MeshConfigSpec
from meshlint.model.mesh_config.mesh_networks import MeshNetworksSpec, Network
from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
from meshlint.model.mesh_config.written import Setting, written
from meshlint.problems import UnknownSetting
from meshlint.schemas.words import dotted
from meshlint.suggest import nearest

MESSAGES: Mapping[str, type[msgspec.Struct]] = {
    "MeshConfig": MeshConfigSpec,
    "MeshNetworks": MeshNetworksSpec,
    "ProxyConfig": MeshProxyConfig,
}
"""What a text of each kind holds. `ProxyConfig` is that of mesh config, which pods bring in an annotation."""


def unknown_settings(kind: str, content: dict[str, Any]) -> Iterator[UnknownSetting]:
    """Every such key of mesh config, mesh networks or a proxy's config; paths are relative to it."""
    message = MESSAGES[kind]
    for setting in written(content, (message,)):
        if setting.types is None:
            name, known = str(setting.path[-1]), setting.message.__struct_encode_fields__
            yield UnknownSetting(
                spot=Spot(0, 0, setting.path, Part.KEY),
                api_version=API_VERSION,
                kind=kind,
                field=dotted(setting.path),
                name=name,
                nearest=nearest(name, [field for field in known if field not in setting.siblings]),
                elsewhere=_elsewhere(name, setting),
                known=known,
            )


def _elsewhere(name: str, setting: Setting) -> str | None:
    """Settings of the mesh and of its proxies are easily taken for each other's.

    Helm values hold networks without `networks:`, which the charts write: with it, it is the name of one.
    """
    if setting.message is Network and setting.path[:-1] == ("networks", "networks"):
        return f"global.meshNetworks.{name}"
    if setting.message is MeshConfigSpec and name in MeshProxyConfig.__struct_encode_fields__:
        return f"defaultConfig.{name}"
    if setting.message is MeshProxyConfig and name in MeshConfigSpec.__struct_encode_fields__:
        return name
    return None
