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
