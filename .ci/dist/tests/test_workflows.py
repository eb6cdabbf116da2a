import re
import unittest

from cargo import ROOT
from platforms import PLATFORMS

WORKFLOWS = {path.name: path.read_text() for path in (ROOT / ".github" / "workflows").glob("*.yml")}


class Workflows(unittest.TestCase):
    def test_every_action_is_pinned_to_a_commit_with_its_version(self):
        for name, text in WORKFLOWS.items():
            uses = re.findall(r"uses: (.*)", text)
            self.assertTrue(uses, name)
            for action in uses:
                self.assertRegex(action, r"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", name)

    def test_secrets_reach_the_publishing_job_alone_and_by_the_environment(self):
        self.assertNotIn("secrets.", WORKFLOWS["ci.yml"])
        build, publish = WORKFLOWS["release.yml"].split("\n  publish:\n")
        self.assertNotIn("secrets.", build)
        for line in publish.splitlines():
            if "secrets." in line:
                self.assertRegex(line, r"^          [A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}$")

    def test_a_release_has_every_platform(self):
        self.assertIn(f'PLATFORMS="{" ".join(PLATFORMS)}"', WORKFLOWS["release.yml"])
