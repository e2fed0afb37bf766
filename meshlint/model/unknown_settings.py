"""Keys of mesh config that istiod does not know.

istiod decodes mesh config with unknown fields allowed (`ApplyYAML` of pkg/util/protomarshal in
istio/istio): what is misspelt is dropped without a word. The model knows the fields of the newest
release, and so says nothing of one that is only too new for the target.
"""

from collections.abc import Iterator
from typing import Any

from meshlint.findings import Part, Spot
from meshlint.model.mesh_config.mesh_config import API_VERSION, MeshConfigSpec
from meshlint.model.mesh_config.mesh_networks import MeshNetworksSpec
from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
from meshlint.model.mesh_config.written import Setting, written
from meshlint.problems import UnknownSetting
from meshlint.schemas.words import dotted
from meshlint.suggest import nearest


def unknown_settings(kind: str, content: dict[str, Any]) -> Iterator[UnknownSetting]:
    """Every such key of mesh config or mesh networks; paths are relative to it."""
    message = MeshConfigSpec if kind == "MeshConfig" else MeshNetworksSpec
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
    """Settings of the mesh and of its proxies are easily taken for each other's."""
    if setting.message is MeshConfigSpec and name in MeshProxyConfig.__struct_encode_fields__:
        return f"defaultConfig.{name}"
    if setting.message is MeshProxyConfig and name in MeshConfigSpec.__struct_encode_fields__:
        return name
    return None
