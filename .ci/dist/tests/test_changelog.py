import unittest

from changelog import section
from errors import DistError

TEXT = """\
# Changelog

## [Unreleased]

## [0.2.0] - 2027-01-31

### Fixed

- provider: one.

## [0.1.0] - 2026-12-01

### Added

- provider: two.
"""


class Changelog(unittest.TestCase):
    def test_notes_are_the_section_of_the_version(self):
        self.assertEqual(section(TEXT, "0.2.0"), "### Fixed\n\n- provider: one.")
        self.assertEqual(section(TEXT, "0.1.0"), "### Added\n\n- provider: two.")

    def test_a_version_without_section_or_date_is_an_error(self):
        with self.assertRaisesRegex(DistError, "has no section 0.3.0"):
            section(TEXT, "0.3.0")
        with self.assertRaisesRegex(DistError, "has no date: Unreleased"):
            section("## [0.1.0] - Unreleased\n", "0.1.0")
