import re
import unittest

from cargo import ROOT

README = (ROOT / "README.md").read_text()


class Readme(unittest.TestCase):
    def test_mirrors_leave_other_providers_installable(self):
        blocks = re.findall(r"```hcl\n(provider_installation .*?)```", README, re.DOTALL)
        self.assertEqual(len(blocks), 2)
        for block in blocks:
            self.assertRegex(block, r'_mirror \{\n[^}]*include = \["elasticache-rs/elasticache"\]\n')
            self.assertRegex(block, r'direct \{\n    exclude = \["elasticache-rs/elasticache"\]\n')
        self.assertIn(blocks[0], (ROOT / "examples" / "ci" / "mirror.tfrc").read_text())
