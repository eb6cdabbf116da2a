"""The files of a release, named and laid out as both public registries require."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from archive import content_hash, sha256, write_zip, zip_hash
from errors import DistError

# The protocol that the provider speaks; without the manifest a registry assumes 5.0.
PROTOCOL = "6.0"
REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
# Algorithm numbers of OpenPGP: RSA, and DSA. The registry of Terraform accepts no others, such as EdDSA.
ACCEPTED_ALGORITHMS = {"1", "3", "17"}


@dataclass(frozen=True)
class Release:
    """A release under construction in `folder`."""

    folder: Path
    name: str  # terraform-provider-elasticache
    source: str  # elasticache-rs/elasticache
    version: str  # 0.1.0
    epoch: int  # time of the commit

    def file(self, rest):
        return self.folder / f"{self.name}_{self.version}_{rest}"

    def archive(self, platform):
        return self.file(f"{platform.name}.zip")

    def add_archive(self, platform, binary, license_file):
        """Packs one binary; `license_file` goes with it because the MIT license requires that."""
        program = f"{self.name}_v{self.version}{platform.suffix}"
        files = {program: (binary.read_bytes(), 0o755), "LICENSE": (license_file.read_bytes(), 0o644)}
        write_zip(self.archive(platform), files, self.epoch)

    def write_manifest(self):
        write_json(self.file("manifest.json"), {"version": 1, "metadata": {"protocol_versions": [PROTOCOL]}})

    def write_checksums(self):
        """SHA256SUMS over the archives and the manifest; HCP Terraform requires the latter."""
        names = sorted(p.name for p in [*self.folder.glob("*.zip"), self.file("manifest.json")])
        self.file("SHA256SUMS").write_text("".join(f"{sha256(self.folder / name)}  {name}\n" for name in names))

    def sign(self, key, passphrase):
        """Writes the detached binary signature of SHA256SUMS by a key of the keyring."""
        sign(self.file("SHA256SUMS"), key, passphrase)

    def write_mirror(self, platforms, folder):
        """Lays out the archives for both registries, as `terraform providers mirror` does.

        The result is a filesystem mirror, and on an HTTPS server a network mirror. Other versions in
        `folder` stay, and so do other platforms of this version.
        """
        for registry in REGISTRIES:
            place = folder / registry / self.source
            place.mkdir(parents=True, exist_ok=True)
            archives = {}
            for platform in platforms:
                archive = self.archive(platform)
                link_or_copy(archive, place / archive.name)
                archives[platform.name] = {"hashes": [content_hash(archive), zip_hash(archive)], "url": archive.name}
            merge_json(place / f"{self.version}.json", "archives", archives)
            merge_json(place / "index.json", "versions", {self.version: {}})


def require_key(key, passphrase):
    """Raises DistError when a signature by `key` fails, or is of a kind that a registry refuses."""
    with tempfile.TemporaryDirectory(prefix="sign-") as folder:
        file = Path(folder) / "empty"
        file.touch()
        sign(file, key, passphrase)


def sign(file, key, passphrase):
    """Writes `file`.sig. gpg prefers a signing subkey, so the signature is checked instead of the key."""
    signature = Path(f"{file}.sig")
    command = ["gpg", "--batch", "--yes", "--local-user", key, "--status-fd", "1"]
    if passphrase is not None:
        command += ["--pinentry-mode", "loopback", "--passphrase-fd", "0"]
    command += ["--output", str(signature), "--detach-sign", str(file)]
    status = gpg(command, input=passphrase or "")
    created = re.findall(r"^\[GNUPG:\] SIG_CREATED D (\d+) ", status, re.MULTILINE)
    if not created or not ACCEPTED_ALGORITHMS.issuperset(created):
        signature.unlink(missing_ok=True)
        raise DistError(f"The signature by {key} is neither RSA nor DSA; registry.terraform.io refuses it. {HOW_TO_SIGN}")


def gpg(command, **more):
    try:
        done = subprocess.run(command, capture_output=True, text=True, **more)
    except FileNotFoundError:
        raise DistError("Missing: gpg, which signs the checksums. On Debian or Ubuntu: apt-get install gnupg") from None
    if done.returncode != 0:
        raise DistError(f"gpg failed: {done.stderr.strip()}\n{HOW_TO_SIGN}")
    return done.stdout


HOW_TO_SIGN = """\
To sign, create an RSA key once and name it:
  gpg --quick-generate-key "NAME <EMAIL>" rsa4096 sign never
  make dist GPG_KEY=EMAIL
If the key has a signing subkey of another kind, gpg uses that: GPG_KEY=FINGERPRINT! names exactly one key.
The registries want its public part: gpg --armor --export EMAIL
GPG_PASSPHRASE in the environment spares the question for the passphrase."""


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n")


def merge_json(path, name, entries):
    """Adds entries to the only object of a file. A server may deliver the file meanwhile."""
    existing = json.loads(path.read_text())[name] if path.exists() else {}
    new = path.with_name(f"{path.name}.new")
    write_json(new, {name: existing | entries})
    new.replace(path)


def link_or_copy(file, place):
    """A second name for the file, where the file system can."""
    place.unlink(missing_ok=True)
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)
