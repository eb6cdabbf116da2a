"""The notes of a release, from CHANGELOG.md."""

import re

from errors import DistError


def section(text, version):
    """The text below the heading of `version`, which must carry a date."""
    heading = rf"^## \[{re.escape(version)}\] - (?P<date>.*)\n(?P<notes>(?:(?!## ).*\n?)*)"
    found = re.search(heading, text, re.MULTILINE)
    if found is None:
        raise DistError(f"CHANGELOG.md has no section {version}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", found["date"]):
        raise DistError(f"The section {version} of CHANGELOG.md has no date: {found['date']}")
    return found["notes"].strip()
