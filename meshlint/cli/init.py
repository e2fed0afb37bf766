"""`meshlint init`: write a configuration file to start from."""

import os

import click

from meshlint.cli.usage import Failure
from meshlint.config.file import NAMES
from meshlint.config.model import SCHEMA, Config

_START = """\
# yaml-language-server: $schema={schema}
# Configuration of meshlint. Every key is also a long option of `meshlint check`; the command line wins.
# `meshlint config --all` prints every setting and where it comes from.

# What is linted where the command line names nothing: files, folders, patterns. Relative to this file.
{paths}

# What is not read, as in .gitignore.
# exclude:
# - "**/generated/"

# The release that the files are for (in quotes: 1.30 as a number is 1.3). The newest by default.
# istio-version: "{istio}"
# gateway-api-version: "{gateway_api}"

# How much of the mesh is here. auto: something is called missing only with evidence; complete: everything
# is here, so whatever cannot be found is missing; partial: nothing is called missing.
# scope: auto

# What exists although no file here says so.
# external:
#   hosts: ["*.example.com", payments.finance.svc.cluster.local]
#   gateways: [istio-system/public]
#   namespaces: [monitoring]
#   serviceAccounts: [istio-system/*]

# Exit 1 from this severity on: error, warning, info, never.
# fail-on: warning

# Rules: `meshlint explain` lists them.
# extend-select: [ML203]
# ignore: [ML205]
# rules:
#   missing-subset: {{severity: warning}}
#   standing-permissive: {{ignorable: false}}  # no comment, annotation or baseline silences it

# What is different for some files.
# per-path:
# - paths: [legacy/]
#   ignore: [ML4]
#   severity: {{missing-host: info}}

# Every `# meshlint: ignore[CODE] reason` must have its reason.
# require-reason: true

# Findings that are known and stay silent; `meshlint --write-baseline FILE` writes them.
# baseline: .meshlint-baseline.json
"""


@click.command()
@click.option("--force", is_flag=True, help="Overwrite a configuration that is there.")
def init(*, force: bool) -> int:
    """Write a commented .meshlint.yaml into this folder."""
    there = next((name for name in NAMES if os.path.exists(name)), None)
    if there and not force:
        raise Failure(f"{there} is there already", help="`meshlint config` prints what it says; --force overwrites it")
    path = there or NAMES[0]
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(start("."))
    except OSError as error:
        raise Failure(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error
    click.echo(f"{path} written; `meshlint` now lints what it says")
    return 0


def start(folder: str) -> str:
    """The text of a first configuration for a folder; its paths are the folders there whose names promise manifests."""
    config = Config()
    usual = [name for name in _USUAL if os.path.isdir(os.path.join(folder, name))]
    paths = f"paths: [{', '.join(usual)}]" if usual else "# paths: [manifests]"
    return _START.format(schema=SCHEMA, paths=paths, istio=config.istio_version, gateway_api=config.gateway_api_version)


_USUAL = (
    "manifests",
    "deploy",
    "deployment",
    "k8s",
    "kubernetes",
    "kustomize",
    "istio",
    "mesh",
    "config",
    "clusters",
    "apps",
)
