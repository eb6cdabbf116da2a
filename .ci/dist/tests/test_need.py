import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from cargo import ROOT


class Need(unittest.TestCase):
    """Runs tests/need.sh with programs of the test before those of the machine."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def program(self, name, script):
        program = self.folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def need(self, *names, **variables):
        """The exit code, and the first line of output."""
        own = {name: value for name, value in os.environ.items() if name != "PYTHON"}
        environment = own | {"PATH": f"{self.folder}:{os.environ['PATH']}"} | variables
        command = ["sh", ROOT / "tests" / "need.sh", *names]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return done.returncode, (done.stderr.splitlines() or [""])[0]

    def test_missing_toolchain_is_the_one_of_the_clone(self):
        self.program("cargo", "exit 1")
        self.program("rustc", "echo not installed >&2; exit 1")
        code, line = self.need("rust")
        self.assertEqual(code, 1)
        self.assertIn("rustup toolchain install, in this clone", line)
        self.assertNotIn("stable", line)

    def test_wheels_require_glibc_on_linux(self):
        self.program("uname", "echo Linux")
        for said, part in (
            ("echo glibc 2.28", None),
            ("echo glibc 2.36", None),
            ("echo glibc 2.17", "Missing: glibc 2.28 or newer (Python uses glibc 2.17)"),
            ("exit 1", "Missing: glibc 2.28 or newer (Python uses another C library, such as musl on Alpine)"),
        ):
            self.program("python3", said)
            code, line = self.need("glibc")
            self.assertEqual(code, 1 if part else 0, said)
            self.assertIn(part or "", line)
        self.program("uname", "echo Darwin")
        self.assertEqual(self.need("glibc"), (0, ""))

    def shim(self, name, manager):
        """A shim in the form of asdf and mise, which starts nothing without their HOME."""
        self.program(manager, f'[ "$1 $2" = "which {name}" ] && echo "{self.folder}/real"')
        self.program("real", "echo Terraform v1.11.4")
        shims = self.folder / "shims"
        shims.mkdir()
        shim = shims / name
        shim.write_text(f'#!/bin/sh\n[ "$HOME" = /home/user ] || exit 126\nexec "{self.folder}/real" "$@"\n')
        shim.chmod(0o755)
        return {"PATH": f"{shims}:{self.folder}:/usr/bin:/bin", "HOME": "/home/user", "TERRAFORM": ""}

    def resolved(self, *arguments, **variables):
        command = ["sh", ROOT / "tests" / "terraform.sh", *arguments]
        return subprocess.run(command, env=variables, check=True, capture_output=True, text=True).stdout.strip()

    def test_shim_of_a_version_manager_is_resolved_while_home_is_that_of_the_user(self):
        variables = self.shim("terraform", "asdf")
        self.assertEqual(self.resolved(**variables), f"{self.folder}/real")
        code, line = self.need("terraform:1.5", **variables)
        self.assertEqual(code, 1)
        self.assertIn("a terraform that starts with another HOME", line)
        self.assertIn("TERRAFORM=$(asdf which terraform)", line)
        self.assertEqual(self.need("terraform:1.5", **variables | {"TERRAFORM": f"{self.folder}/real"}), (0, ""))

    def test_shim_that_is_named_is_resolved_and_a_program_stays(self):
        variables = self.shim("tofu", "mise")
        self.assertEqual(self.resolved("tofu", **variables), f"{self.folder}/real")
        self.assertEqual(self.resolved("real", **variables), "")
        self.assertEqual(self.resolved("absent", **variables), "")

    def test_make_hands_the_program_on(self):
        variables = self.shim("terraform", "asdf")
        command = ["make", "--no-print-directory", "-f", "Makefile", "-f", "-", "printed"]
        own = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
        del variables["TERRAFORM"]
        own.pop("TERRAFORM", None)

        def handed(*more):
            recipe = "printed:\n\t@echo $${TERRAFORM-none}\n"
            done = subprocess.run(
                [*command, *more], cwd=ROOT, env=own | variables, input=recipe, check=True, capture_output=True, text=True
            )
            return done.stdout.strip()

        self.assertEqual(handed(), f"{self.folder}/real")
        self.assertEqual(handed("TERRAFORM=terraform"), f"{self.folder}/real")
        self.assertEqual(handed("TERRAFORM=other"), "other")
        (self.folder / "shims" / "terraform").unlink()
        self.assertEqual(handed(), "none")
