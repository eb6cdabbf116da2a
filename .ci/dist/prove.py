"""Proves what a release promises: `make dist-test` runs this.

Two clones in two folders give identical bytes; the static binary serves its schema in an empty
root; the signature is what a registry verifies. The debug profile keeps it to a few minutes.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from cargo import ROOT, manifest, uncommitted
from errors import DistError
from platforms import linkable

PLATFORM = "linux_amd64"


def prove(tools):
    """Raises DistError for the first promise that does not hold."""
    if PLATFORM not in [platform.name for platform in linkable()]:
        raise DistError(f"This machine cannot build for {PLATFORM}.")
    if uncommitted():
        print("The clones have the last commit, without the changes that no commit holds.", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="dist-") as folder:
        folder = Path(folder)
        one, two = (release_of_clone(folder / name, tools) for name in ("one", "somewhere/else/two"))
        files = same_files(one, two)
        print(f"Identical in two clones: {files} files")
        start_in_empty_root(one, folder)
        sign(folder, tools)


def release_of_clone(place, tools):
    """The release that `make dist` makes of a fresh clone."""
    run("git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), place)
    make_dist(place, tools)
    return place / "target" / "dist" / manifest()["version"]


def make_dist(clone, tools, *variables, **environment):
    own = {name: value for name, value in os.environ.items() if name not in ("CARGO_TARGET_DIR", "MAKEFLAGS", "MAKELEVEL")}
    # The tools are those of this clone, although requirements.txt is newer in the other one.
    command = ["make", "dist", f"--old-file={tools}/.made", f"DIST_TOOLS={tools}"]
    command += [f"PLATFORMS={PLATFORM}", "DIST_PROFILE=dev", "MIRROR=", "GPG_KEY=", *variables]
    return run(*command, cwd=clone, env=own | environment)


def same_files(one, two):
    """How many files two folders have, when they are identical."""
    listings = [{p.relative_to(folder): p for p in folder.rglob("*") if p.is_file()} for folder in (one, two)]
    if listings[0].keys() != listings[1].keys():
        raise DistError(f"The two releases have different files: {sorted(listings[0].keys() ^ listings[1].keys())}")
    for name, file in listings[0].items():
        if file.read_bytes() != listings[1][name].read_bytes():
            raise DistError(f"{name} differs between two clones of one commit: {file} {listings[1][name]}")
    return len(listings[0])


def start_in_empty_root(release, folder):
    """Starts the program in the archive of a release."""
    (archive,) = release.glob(f"*_{PLATFORM}.zip")
    with zipfile.ZipFile(archive) as packed:
        program = packed.extract(next(n for n in packed.namelist() if n.startswith(manifest()["name"])), folder)
    os.chmod(program, 0o755)
    start(program)


def start(program):
    """The test itself, tests/plugin.rs, is a plugin host: handshake, mutual TLS, GetProviderSchema."""
    command = ["cargo", "test", "--locked", "--test", "plugin", "--", "--ignored", "static_binary"]
    tested = run(*command, cwd=ROOT, env=os.environ | {"STATIC_BINARY": str(Path(program).resolve())})
    if "1 passed" not in tested:
        raise DistError(f"{' '.join(command)} ran no test:\n{tested}")
    print("The static binary serves its schema in an empty root, in 200 MB of address space")


def sign(folder, tools):
    """Signs by an RSA key as a registry verifies it, and refuses a key of another kind."""
    home = folder / "gnupg"
    home.mkdir(mode=0o700)
    environment = os.environ | {"GNUPGHOME": str(home)}
    for name, algorithm in (("rsa", "rsa3072"), ("curve", "ed25519")):
        identity = f"{name}@release.example"
        gpg = ["gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", "a phrase"]
        run(*gpg, "--quick-generate-key", identity, algorithm, "sign", "never", env=environment)
    clone = folder / "one"
    signing = {"GNUPGHOME": str(home), "GPG_PASSPHRASE": "a phrase"}
    shown = make_dist(clone, tools, "BINARIES=target/dist/binaries", "GPG_KEY=rsa@release.example", **signing)
    if "a phrase" in shown:
        raise DistError("make dist prints the passphrase of the key")
    (sums,) = (clone / "target" / "dist" / manifest()["version"]).glob("*_SHA256SUMS")
    run("gpg", "--batch", "--verify", f"{sums}.sig", sums, env=environment)
    if Path(f"{sums}.sig").read_bytes().startswith(b"-----BEGIN"):
        raise DistError("The signature is armored; the registries take a binary one")
    try:
        make_dist(clone, tools, "BINARIES=target/dist/binaries", "GPG_KEY=curve@release.example", **signing)
    except DistError as error:
        if "is neither RSA nor DSA" not in str(error):
            raise
    else:
        raise DistError("make dist signs by a key that the registry of Terraform refuses")
    run("gpgconf", "--kill", "all", env=environment)
    print("The signature of an RSA key is verified, a key of another kind is refused")


def run(*command, **more):
    """The output of a command; raises DistError with it when the command fails."""
    command = [str(part) for part in command]
    print("+", *command, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode != 0:
        raise DistError(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout
