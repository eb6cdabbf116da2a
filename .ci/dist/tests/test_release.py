import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from archive import content_hash, sha256, zip_hash
from cargo import ROOT, manifest
from platforms import PLATFORMS
from release import REGISTRIES, Release

LINUX, WINDOWS = PLATFORMS["linux_amd64"], PLATFORMS["windows_amd64"]


class ReleaseFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.release = self.make("1.2.3")

    def make(self, version):
        folder = self.folder / version
        folder.mkdir()
        (self.folder / "LICENSE").write_text("MIT")
        release = Release(folder, "terraform-provider-cloud", "acme/cloud", version, 1_700_000_000)
        for platform in (LINUX, WINDOWS):
            binary = self.folder / platform.name
            binary.write_text(f"{version} for {platform.name}")
            release.add_archive(platform, binary, self.folder / "LICENSE")
        release.write_manifest()
        release.write_checksums()
        return release

    def test_archives_hold_the_program_under_the_name_that_registries_require(self):
        for platform, program in ((LINUX, "terraform-provider-cloud_v1.2.3"), (WINDOWS, "terraform-provider-cloud_v1.2.3.exe")):
            path = self.folder / "1.2.3" / f"terraform-provider-cloud_1.2.3_{platform.name}.zip"
            with zipfile.ZipFile(path) as archive:
                self.assertEqual(archive.namelist(), ["LICENSE", program])
                self.assertEqual(archive.read(program).decode(), f"1.2.3 for {platform.name}")
                self.assertEqual(archive.getinfo(program).external_attr >> 16, 0o100755)

    def test_manifest_names_the_protocol(self):
        text = (self.folder / "1.2.3" / "terraform-provider-cloud_1.2.3_manifest.json").read_text()
        self.assertEqual(json.loads(text), {"version": 1, "metadata": {"protocol_versions": ["6.0"]}})

    def test_checksums_cover_the_archives_and_the_manifest(self):
        folder = self.folder / "1.2.3"
        lines = (folder / "terraform-provider-cloud_1.2.3_SHA256SUMS").read_text().splitlines()
        names = [f"terraform-provider-cloud_1.2.3_{rest}" for rest in ("linux_amd64.zip", "manifest.json", "windows_amd64.zip")]
        self.assertEqual(lines, [f"{sha256(folder / name)}  {name}" for name in names])

    def test_mirror_has_both_registries_with_hashes_of_each_archive(self):
        mirror = self.folder / "mirror"
        self.release.write_mirror([LINUX, WINDOWS], mirror)
        self.assertEqual(sorted(path.name for path in mirror.iterdir()), sorted(REGISTRIES))
        for registry in REGISTRIES:
            place = mirror / registry / "acme" / "cloud"
            self.assertEqual(json.loads((place / "index.json").read_text()), {"versions": {"1.2.3": {}}})
            archives = json.loads((place / "1.2.3.json").read_text())["archives"]
            self.assertEqual(sorted(archives), ["linux_amd64", "windows_amd64"])
            for platform, archive in archives.items():
                file = place / archive["url"]
                self.assertEqual(file.name, f"terraform-provider-cloud_1.2.3_{platform}.zip")
                self.assertEqual(archive["hashes"], [content_hash(file), zip_hash(file)])

    def test_a_second_version_joins_the_first_in_a_mirror(self):
        mirror = self.folder / "mirror"
        self.release.write_mirror([LINUX], mirror)
        self.make("1.3.0").write_mirror([LINUX], mirror)
        place = mirror / REGISTRIES[0] / "acme" / "cloud"
        self.assertEqual(json.loads((place / "index.json").read_text()), {"versions": {"1.2.3": {}, "1.3.0": {}}})
        self.assertTrue((place / "1.2.3.json").exists() and (place / "1.3.0.json").exists())

    def test_platforms_of_another_machine_stay_in_a_mirror(self):
        mirror = self.folder / "mirror"
        self.release.write_mirror([LINUX], mirror)
        self.release.write_mirror([WINDOWS], mirror)
        place = mirror / REGISTRIES[1] / "acme" / "cloud"
        archives = json.loads((place / "1.2.3.json").read_text())["archives"]
        self.assertEqual(sorted(archives), ["linux_amd64", "windows_amd64"])
        self.assertEqual(sorted(path.suffix for path in place.iterdir()), [".json", ".json", ".zip", ".zip"])


class Package(unittest.TestCase):
    """Runs `package` as `make dist` does."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        binary = self.folder / "binaries" / "linux_amd64" / "terraform-provider-elasticache"
        binary.parent.mkdir(parents=True)
        binary.write_text("a program")
        self.version = manifest()["version"]

    def package(self, *arguments):
        command = [sys.executable, "-B", str(ROOT / ".ci" / "dist"), "package", "--source", "acme/cloud"]
        command += ["--platforms", "linux_amd64", "--binaries", self.folder / "binaries", "--output", self.folder / "dist"]
        environment = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
        return subprocess.run([*command, *arguments], env=environment, check=True, capture_output=True, text=True).stdout

    def versions(self, mirror):
        return sorted(json.loads((mirror / REGISTRIES[0] / "acme" / "cloud" / "index.json").read_text())["versions"])

    def test_version_joins_the_mirror_that_is_named_or_has_its_own(self):
        mirror = self.folder / "srv"
        index = mirror / REGISTRIES[0] / "acme" / "cloud" / "index.json"
        index.parent.mkdir(parents=True)
        index.write_text('{"versions": {"0.0.1": {}}}')
        self.assertIn(f"{mirror}: a filesystem_mirror", self.package("--mirror", mirror))
        self.assertEqual(self.versions(mirror), ["0.0.1", self.version])
        self.assertFalse((self.folder / "dist" / self.version / "mirror").exists())
        self.package()
        self.assertEqual(self.versions(self.folder / "dist" / self.version / "mirror"), [self.version])
