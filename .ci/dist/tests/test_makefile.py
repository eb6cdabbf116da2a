import os
import subprocess
import unittest

from cargo import ROOT


def commands(*arguments):
    """What `make` would run, one command a line."""
    own = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    command = ["make", "--dry-run", "--no-print-directory", "DIST_TOOLS=/nonexistent/tools", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=own, check=True, capture_output=True, text=True)
    return done.stdout.replace("\\\n", "")


class Makefile(unittest.TestCase):
    def assert_order(self, text, *parts):
        places = [text.find(part) for part in parts]
        self.assertNotIn(-1, places, f"{parts} in {text}")
        self.assertEqual(places, sorted(places), f"{parts} in {text}")

    def test_dist_checks_first_then_installs_tools_builds_and_packages(self):
        text = commands("dist", "GPG_KEY=key", "PLATFORMS=linux_arm64")
        checked = '.ci/dist check --build --platforms "linux_arm64" --sign "key"'
        self.assert_order(text, "need.sh rust cc python", checked, "cargo install", ".ci/dist build", ".ci/dist package")
        self.assert_order(commands("dist-test"), ".ci/dist check --build", "cargo install", ".ci/dist prove")

    def test_dist_of_binaries_checks_and_builds_nothing(self):
        text = commands("dist", "BINARIES=folder")
        self.assert_order(text, "need.sh  python", ".ci/dist check", ".ci/dist package")
        for absent in ("cargo", "--build", ".ci/dist build"):
            self.assertNotIn(absent, text)

    def test_virtual_environments_are_created_by_the_script_that_knows_virtualenv(self):
        self.assertIn("venv.sh create /nonexistent/tools .ci/dist/requirements.txt", commands("dist-tools", "OS=linux"))
        self.assertNotIn("venv.sh", commands("dist-tools", "OS=darwin"))
        self.assertNotIn("-m venv", (ROOT / "Makefile").read_text())

    def test_whatever_formats_or_lints_requires_rustfmt_and_clippy(self):
        for target in ("fmt", "lint", "check"):
            self.assert_order(commands(target), "need.sh rust lints cc", "cargo fmt")

    def test_mirror_names_the_mirror_to_add_to(self):
        self.assertIn('--mirror "/srv/mirror"', commands("dist", "MIRROR=/srv/mirror"))
        self.assertNotIn("--mirror", commands("dist"))
