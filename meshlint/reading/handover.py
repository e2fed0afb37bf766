"""What the fast reader says instead of guessing."""


class HandOver(Exception):
    """A form that the fast reader does not know: the full reader is to read the document."""
