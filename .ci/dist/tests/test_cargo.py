import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import cargo
from errors import DistError
from platforms import PLATFORMS


class CommitTime(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        root = mock.patch.object(cargo, "ROOT", self.folder)
        root.start()
        self.addCleanup(root.stop)
        # Git then looks for no repository above the folder.
        variables = {"GIT_CEILING_DIRECTORIES": str(self.folder.parent)}
        environment = mock.patch.dict(os.environ, variables)
        environment.start()
        self.addCleanup(environment.stop)
        os.environ.pop("SOURCE_DATE_EPOCH", None)

    def commit(self, folder):
        git = ["git", "-c", "user.name=n", "-c", "user.email=e", "-c", "commit.gpgsign=false"]
        subprocess.run([*git, "init", "--quiet", str(folder)], check=True)
        dates = {"GIT_COMMITTER_DATE": "1700000000 +0000"}
        command = [*git, "-C", str(folder), "commit", "--quiet", "--allow-empty", "--message", "one"]
        subprocess.run(command, env=os.environ | dates, check=True)

    def test_clone_has_the_time_of_its_commit(self):
        self.commit(self.folder)
        self.assertEqual(cargo.commit_time(), 1_700_000_000)
        self.assertEqual(cargo.uncommitted(), "")

    def test_folder_outside_a_clone_requires_source_date_epoch(self):
        with self.assertRaisesRegex(DistError, "(?s)is not a git clone.*make dist SOURCE_DATE_EPOCH="):
            cargo.commit_time()
        with self.assertRaisesRegex(DistError, "A signed release is made of a commit"):
            cargo.uncommitted()

    def test_folder_in_another_repository_does_not_take_its_time(self):
        self.commit(self.folder)
        with mock.patch.object(cargo, "ROOT", self.folder / "unpacked"):
            cargo.ROOT.mkdir()
            with self.assertRaisesRegex(DistError, "(?s)a folder in that of .*SOURCE_DATE_EPOCH="):
                cargo.commit_time()

    def test_source_date_epoch_needs_no_clone(self):
        with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "1700000001"}):
            self.assertEqual(cargo.commit_time(), 1_700_000_001)
        with mock.patch.dict(os.environ, {"SOURCE_DATE_EPOCH": "today"}):
            self.assertRaisesRegex(DistError, "not a number of seconds", cargo.commit_time)


class Target(unittest.TestCase):
    def require(self, target, programs):
        with mock.patch("cargo.shutil.which", side_effect=programs.get):
            cargo.require_target(target)

    def test_rustup_or_the_standard_library_of_the_target_is_required(self):
        host = cargo.capture("rustc", "--print", "host-tuple").strip()
        other = "s390x-unknown-linux-gnu"
        self.require(other, {"rustup": "/bin/rustup"})
        self.require(host, {})
        with self.assertRaisesRegex(DistError, f"Missing: rustup, or the standard library of Rust for {other}"):
            self.require(other, {})


class Build(unittest.TestCase):
    """Builds with a cargo that only writes a file."""

    def build(self, content):
        with tempfile.TemporaryDirectory() as folder:
            platform = PLATFORMS["linux_amd64"]
            binary = Path(folder).resolve() / platform.target / "release" / cargo.manifest()["name"]
            binary.parent.mkdir(parents=True)

            def run(command, **_more):
                binary.write_bytes(content)
                return subprocess.CompletedProcess(command, 0)

            patches = {"install_target": mock.DEFAULT, "environment": mock.DEFAULT}
            with (
                mock.patch.multiple(cargo, **patches),
                mock.patch("cargo.shutil.which", return_value="/bin/tool"),
                mock.patch("cargo.subprocess.run", run),
                mock.patch.dict(os.environ, {"CARGO_TARGET_DIR": folder}),
            ):
                self.assertEqual(cargo.build(platform, "release"), binary)

    def test_binary_lists_its_dependencies(self):
        self.build(b"\x7fELF.data\0.dep-v0\0.bss\0")
        with self.assertRaisesRegex(DistError, "no section .dep-v0"):
            self.build(b"\x7fELF.data\0.bss\0")
