import os
import re
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

from cargo import ROOT, manifest
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

    def test_a_release_is_started_before_it_is_published(self):
        build, publish = WORKFLOWS["release.yml"].split("\n  publish:\n")
        binary = f"target/dist/binaries/linux_amd64/{manifest()['name']}"
        places = [build.index(part) for part in ("make dist-binaries", f".ci/dist start {binary}", "actions/upload-artifact")]
        self.assertEqual(places, sorted(places))
        self.assertTrue(publish.lstrip().startswith("needs: build\n"))


class Publication(unittest.TestCase):
    """Runs the scripts of the publishing job, with programs that only write down how they were called."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.release = self.folder / "target" / "dist" / "1.2.3"
        self.release.mkdir(parents=True)
        programs = self.folder / "bin"
        programs.mkdir()
        for name in ("gpg", "make", "python3", "gh"):
            program = programs / name
            program.write_text(f'#!/bin/sh\necho {name} "$@" >> "{self.folder}/calls"\n')
            program.chmod(0o755)
        (self.folder / "calls").touch()
        self.environment = {"PATH": f"{programs}:{os.environ['PATH']}", "GITHUB_REF_NAME": "v1.2.3"}

    def run_step(self, name, **variables):
        """Exit code, error output, and the programs that the script called."""
        _, step = WORKFLOWS["release.yml"].split(f"      - name: {name}\n")
        script = re.search(r"        run: \|\n((?:          .*\n?)+)", step)[1]
        done = subprocess.run(
            ["bash", "-e", "-c", textwrap.dedent(script)],
            cwd=self.folder, env=self.environment | variables, capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stderr, (self.folder / "calls").read_text()

    def test_release_without_a_key_is_not_packaged(self):
        code, error, calls = self.run_step("Package and sign", GPG_KEY="", GPG_PRIVATE_KEY="")
        self.assertNotEqual(code, 0)
        self.assertIn("no variable GPG_KEY", error)
        self.assertEqual(calls, "")

    def test_release_with_a_key_is_signed_with_it(self):
        (self.release / "p_1.2.3_sbom.cdx.json").touch()
        output = {"GITHUB_OUTPUT": str(self.folder / "output")}
        code, error, calls = self.run_step("Package and sign", GPG_KEY="0123ABCD", GPG_PRIVATE_KEY="", **output)
        self.assertEqual((code, error), (0, ""))
        self.assertIn("make dist BINARIES=target/dist/binaries GPG_KEY=0123ABCD ", calls)

    def test_release_without_a_signature_is_not_published(self):
        (self.release / "p_1.2.3_SHA256SUMS").write_text("sums")
        code, error, calls = self.run_step("Publish")
        self.assertNotEqual(code, 0)
        self.assertIn("p_1.2.3_SHA256SUMS is not signed", error)
        self.assertNotIn("gh", calls)

    def test_release_with_a_signature_is_published(self):
        (self.release / "p_1.2.3_SHA256SUMS").write_text("sums")
        (self.release / "p_1.2.3_SHA256SUMS.sig").write_text("signature")
        code, error, calls = self.run_step("Publish")
        self.assertEqual((code, error), (0, ""))
        self.assertRegex(calls, r"gh release create v1\.2\.3 .*p_1\.2\.3_SHA256SUMS\.sig")
