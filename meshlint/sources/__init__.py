"""From paths to text: files, folders, standard input, Markdown; and what kustomizations make of them.

`discover(paths)` finds the files, `load(file)` opens one and gives its units of YAML text.
"""

from meshlint.sources.discovery import KUSTOMIZATIONS, Discovery, discover, reported
from meshlint.sources.loading import LIMIT, decode, load, sources, stdin
from meshlint.sources.source import STDIN, File, Skipped, Source, Unreadable
from meshlint.sources.stock import Files, Stock
from meshlint.sources.templates import holds_actions, looks_like_template

__all__ = [
    "KUSTOMIZATIONS",
    "LIMIT",
    "STDIN",
    "Discovery",
    "File",
    "Files",
    "Skipped",
    "Source",
    "Stock",
    "Unreadable",
    "decode",
    "discover",
    "holds_actions",
    "load",
    "looks_like_template",
    "reported",
    "sources",
    "stdin",
]
