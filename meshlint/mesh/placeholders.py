"""Texts that a tool, or somebody, fills in before anything is applied.

What they will hold nobody knows, so nothing is said of them: neither that a name leads nowhere, nor
that a value is invalid. Known are the forms of the common tools, anywhere in a text:

| form | tool |
|---|---|
| `${HOST}`, `$(HOST)`, `$HOST` | envsubst, Flux, kustomize, make, OpenShift |
| `{{ .host }}`, `{% if %}`, `[[ .host ]]`, `<%= host %>` | Helm, Jinja, ERB |
| `%HOST%`, `@HOST@`, `__HOST__`, `#{HOST}#`, `((host))` | sed and build tools, Azure Pipelines, Concourse |
| `%s`, `%d` as a whole part of a name | programs that print YAML |
| `<your-host>` | documentation |
| `REPLACE_ME`, `CHANGEME`, `TODO`, `YOUR_HOST` | for people |
"""

import re
from functools import lru_cache

_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789-.*/:,;= "
"""Characters of which no form consists: nearly all texts have no other."""
_FORMS = (
    r"\$\{[^{}]*\}|\$\([\w.-]+\)|\$[A-Z_][A-Z0-9_]*\b"
    r"|\{\{.*?\}\}|\{%.*?%\}|\[\[.*?\]\]|<%.*?%>"
    r"|%[A-Za-z_][\w.-]*%|@[A-Za-z_][\w.-]*@|__[A-Za-z0-9][\w.-]*?__|\#\{[^{}]*\}|\(\([\w.-]+\)\)"
    r"|(?<![\w%])%[sdv](?![\w%])"
    r"|<[A-Za-z][\w .:/-]*>"
    r"|(?<![A-Z0-9])(?:REPLACE|CHANGE|FILL|FIX)[_-]?(?:ME|IT|THIS|IN)(?![A-Z0-9])"
    r"|(?<![A-Z0-9])(?:TODO|TBD|FIXME|PLACEHOLDER)(?![A-Z0-9])|(?<![A-Z0-9])YOUR[_-][A-Z]"
)


@lru_cache(maxsize=4096)
def is_placeholder(text: str) -> bool:
    """Whether a text, or a part of it, is still to be filled in."""
    return bool(text.strip(_PLAIN)) and re.search(_FORMS, text) is not None
