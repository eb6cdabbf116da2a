import re
import unittest

from cargo import ROOT
from platforms import linkable

README = (ROOT / "README.md").read_text()


class Readme(unittest.TestCase):
    def test_mirrors_leave_other_providers_installable(self):
        blocks = re.findall(r"```hcl\n(provider_installation .*?)```", README, re.DOTALL)
        self.assertEqual(len(blocks), 2)
        for block in blocks:
            self.assertRegex(block, r'_mirror \{\n[^}]*include = \["elasticache-rs/elasticache"\]\n')
            self.assertRegex(block, r'direct \{\n    exclude = \["elasticache-rs/elasticache"\]\n')
        self.assertIn(blocks[0], (ROOT / "examples" / "ci" / "mirror.tfrc").read_text())

    def test_lock_command_names_platforms_that_the_mirror_has(self):
        for system, sentence in (("linux", r"On Linux it builds (.*?), on macOS"), ("darwin", r"on macOS (`.*?)\.")):
            named = re.findall(r"`(\w+)`", re.search(sentence, README)[1])
            self.assertEqual(named, [platform.name for platform in linkable(system)])
        (command,) = re.findall(r"`(terraform providers lock -net-mirror=.*?)`", README)
        locked = re.findall(r"-platform=(\w+)", command)
        self.assertTrue(locked)
        self.assertLessEqual(set(locked), {platform.name for platform in linkable("linux")})
