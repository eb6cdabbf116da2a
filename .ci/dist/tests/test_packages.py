import tomllib
import unittest

from bans import duplicates, forbidden, problems
from cargo import ROOT, manifest
from packages import Package, checksums, packages, parse
from platforms import PLATFORMS
from sbom import sbom

TREE = """\
0provider v1.0.0 (/home/someone/provider)\tMIT
1http v1.5.0\tMIT/Apache-2.0
2bytes v1.0.0\tMIT
1sdk v2.1.0+meta\tISC AND (Apache-2.0 OR ISC)
2http v0.2.12\tMIT
2http v1.5.0\tMIT/Apache-2.0 (*)
"""


class Tree(unittest.TestCase):
    def setUp(self):
        self.found = {}
        parse(TREE, self.found)

    def test_packages_know_their_license_and_what_they_use(self):
        self.assertEqual(list(self.found), [("provider", "1.0.0"), ("http", "1.5.0"), ("bytes", "1.0.0"), ("sdk", "2.1.0+meta"), ("http", "0.2.12")])
        self.assertEqual(self.found["http", "1.5.0"].license, "MIT OR Apache-2.0")
        self.assertEqual(self.found["provider", "1.0.0"].uses, {("http", "1.5.0"), ("sdk", "2.1.0+meta")})
        self.assertEqual(self.found["sdk", "2.1.0+meta"].uses, {("http", "0.2.12"), ("http", "1.5.0")})

    def test_a_banned_crate_is_named_with_the_reason(self):
        bans = {"deny": [{"crate": "bytes", "reason": "of a test"}, {"crate": "ring", "reason": "unused"}]}
        self.assertEqual(forbidden(self.found, bans), ["bytes 1.0.0 is compiled. It is banned: of a test."])

    def test_two_versions_of_a_crate_need_a_reason(self):
        expected = ["http is compiled in 0.2.12 and 1.5.0, for no reason that deny.toml gives."]
        self.assertEqual(duplicates(self.found, {"skip": []}), expected)
        self.assertEqual(duplicates(self.found, {"skip": [{"crate": "http@0.2"}]}), [])
        self.assertEqual(duplicates(self.found, {"skip": [{"crate": "http@0"}]}), [])
        self.assertEqual(duplicates(self.found, {"skip": [{"crate": "http@2"}, {"crate": "bytes@1"}]}), expected)

    def test_sbom_lists_each_crate_with_license_checksum_and_uses(self):
        document = sbom(self.found, {("http", "1.5.0"): "ab" * 32}, 1_700_000_000)
        self.assertEqual((document["bomFormat"], document["specVersion"]), ("CycloneDX", "1.5"))
        self.assertEqual(document["metadata"]["timestamp"], "2023-11-14T22:13:20Z")
        self.assertEqual(document["metadata"]["component"]["purl"], "pkg:cargo/provider@1.0.0")
        self.assertNotIn("/home/someone", str(document))
        self.assertEqual(
            document["components"][2],
            {
                "type": "library",
                "bom-ref": "pkg:cargo/http@1.5.0",
                "name": "http",
                "version": "1.5.0",
                "purl": "pkg:cargo/http@1.5.0",
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
                "hashes": [{"alg": "SHA-256", "content": "ab" * 32}],
            },
        )
        references = {component["bom-ref"] for component in document["components"]}
        self.assertEqual({d["ref"] for d in document["dependencies"]}, references | {"pkg:cargo/provider@1.0.0"})
        uses = {d["ref"]: d["dependsOn"] for d in document["dependencies"]}
        self.assertEqual(uses["pkg:cargo/sdk@2.1.0+meta"], ["pkg:cargo/http@0.2.12", "pkg:cargo/http@1.5.0"])


class Provider(unittest.TestCase):
    def test_sbom_lists_what_is_linked_and_nothing_else(self):
        linked = packages([PLATFORMS["linux_amd64"].target])
        document = sbom(linked, checksums(), 0)
        components = {component["name"]: component for component in document["components"]}
        self.assertEqual(document["metadata"]["component"]["version"], manifest()["version"])
        for name in ("aws-lc-sys", "rustls", "tonic", "aws-sdk-elasticache"):
            self.assertIn("hashes", components[name])
            self.assertIn("licenses", components[name])
        # An unused option of rustls, a dependency of the tests, and one of the build script.
        for name in ("ring", "tempfile", "tonic-prost-build"):
            self.assertNotIn(name, components)

    def test_dependencies_keep_the_bans_of_deny_toml(self):
        self.assertEqual(problems(), [])

    def test_toolchain_is_the_minimum_supported_version(self):
        toolchain = tomllib.loads((ROOT / "rust-toolchain.toml").read_text())["toolchain"]["channel"]
        self.assertEqual(toolchain, f"{manifest()['rust-version']}.0")
