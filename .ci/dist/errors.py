"""The one exception of these scripts."""


class DistError(Exception):
    """What failed, in words for the person who ran the command."""
