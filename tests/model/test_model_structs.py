"""What holds for every message of the model."""

import importlib
import pkgutil
from types import NoneType
from typing import Any, get_args

import msgspec
import pytest

import meshlint.model
from meshlint.model.base import Message, Resource
from meshlint.model.kinds import _KINDS, kind_class


def messages() -> list[type[Message]]:
    for module in pkgutil.walk_packages(meshlint.model.__path__, "meshlint.model."):
        importlib.import_module(module.name)
    found, waiting = [], [Message]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return [message for message in found if message.__module__.startswith("meshlint.model.")]


MESSAGES = messages()


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{message.__module__}.{message.__name__}")
def test_a_message_is_frozen_has_identity_and_a_docstring(message: type[Message]) -> None:
    config = message.__struct_config__
    assert config.frozen
    assert not config.eq
    assert not config.gc
    assert config.omit_defaults
    assert message.__doc__
    assert message.__doc__ != Message.__doc__


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{message.__module__}.{message.__name__}")
def test_every_field_is_optional_immutable_and_none_by_default(message: type[Message]) -> None:
    for field in msgspec.structs.fields(message):
        if issubclass(message, Resource) and field.name in {"api_version", "kind"}:
            assert field.required
            continue
        assert field.default is None, field.name
        assert field.type is Any or NoneType in get_args(field.type), field.name
        assert not mentions(field.type, (list, set)), field.name
        assert not isinstance(field.type, str), field.name


def mentions(annotation: Any, types: tuple[type, ...]) -> bool:
    return annotation in types or any(mentions(part, types) for part in get_args(annotation))


def test_kinds_share_no_class_name_but_the_two_gateways() -> None:
    kinds = [message.__name__ for message in MESSAGES if issubclass(message, Resource) and message is not Resource]
    assert {name for name in kinds if kinds.count(name) > 1} == {"Gateway"}


def test_every_kind_of_the_table_is_importable_and_named_like_its_class() -> None:
    for (group, kind), entry in _KINDS.items():
        found = kind_class(f"{group}/v1" if group else "v1", kind)
        assert found
        assert f"meshlint.model.{entry}" == f"{found.__module__}:{found.__name__}"
        assert found.__name__ == kind.removeprefix("X")
