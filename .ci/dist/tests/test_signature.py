import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from errors import DistError
from release import require_key, sign

GPG = ["gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "a phrase"]


@unittest.skipIf(shutil.which("gpg") is None, "gpg is not installed")
class Signature(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # The path of a socket in it is limited to some hundred characters.
        home = tempfile.TemporaryDirectory(prefix="gnupg-")
        cls.addClassCleanup(home.cleanup)
        # Without a count, each agent measures for seconds how slow a guess of the passphrase can be.
        (Path(home.name) / "gpg-agent.conf").write_text("s2k-count 65536\n")
        environment = mock.patch.dict(os.environ, {"GNUPGHOME": home.name})
        environment.start()
        cls.addClassCleanup(environment.stop)
        cls.addClassCleanup(subprocess.run, ["gpgconf", "--kill", "all"])
        cls.key("rsa", "rsa2048")
        cls.key("dsa", "dsa2048")
        cls.key("curve", "ed25519")
        cls.mixed = cls.key("mixed", "rsa2048")
        command = [*GPG, "--quick-add-key", cls.mixed, "ed25519", "sign", "never"]
        subprocess.run(command, check=True, capture_output=True)

    @classmethod
    def key(cls, name, algorithm):
        """The fingerprint of a new key."""
        identity = f"{name}@release.example"
        command = [*GPG, "--quick-generate-key", identity, algorithm, "sign", "never"]
        subprocess.run(command, check=True, capture_output=True)
        command = ["gpg", "--batch", "--with-colons", "--list-secret-keys", identity]
        listing = subprocess.run(command, check=True, capture_output=True, text=True)
        return next(line.split(":")[9] for line in listing.stdout.splitlines() if line.startswith("fpr:"))

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "SHA256SUMS"
        self.file.write_text("sums")
        self.signature = Path(f"{self.file}.sig")

    def assert_signs(self, key):
        require_key(key, "a phrase")
        sign(self.file, key, "a phrase")
        command = ["gpg", "--batch", "--verify", self.signature, self.file]
        subprocess.run(command, check=True, capture_output=True)
        self.assertFalse(self.signature.read_bytes().startswith(b"-----BEGIN"), "armored")

    def assert_refused(self, key):
        with self.assertRaisesRegex(DistError, "(?s)is neither RSA nor DSA.*gpg --quick-generate-key .* rsa4096"):
            require_key(key, "a phrase")
        with self.assertRaises(DistError):
            sign(self.file, key, "a phrase")
        self.assertFalse(self.signature.exists())

    def test_rsa_and_dsa_keys_sign(self):
        self.assert_signs("rsa@release.example")
        self.assert_signs("dsa@release.example")

    def test_elliptic_curve_is_refused(self):
        self.assert_refused("curve@release.example")

    def test_rsa_key_with_an_elliptic_signing_subkey_is_refused(self):
        self.assert_refused("mixed@release.example")

    def test_exclamation_mark_selects_the_rsa_key_itself(self):
        self.assert_signs(f"{self.mixed}!")

    def test_unknown_key_and_wrong_passphrase_are_refused(self):
        with self.assertRaisesRegex(DistError, "gpg failed: "):
            require_key("nobody@release.example", "a phrase")
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=True)
        with self.assertRaisesRegex(DistError, "gpg failed: "):
            require_key("rsa@release.example", "another phrase")
