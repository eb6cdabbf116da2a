"""Builds and packages a release: `make dist` runs this.

python3 .ci/dist check      checks what a release needs, before anything is installed or built
python3 .ci/dist build      compiles the binaries, one folder for each platform
python3 .ci/dist package    makes the release of binaries: archives, checksums, SBOM, mirror
python3 .ci/dist prove      builds twice and checks what a release promises
python3 .ci/dist start      starts one static binary in an empty root
python3 .ci/dist notes      prints the section of CHANGELOG.md about the version
python3 .ci/dist dependencies    checks the dependencies against deny.toml
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import bans  # noqa: E402
import cargo  # noqa: E402
import changelog  # noqa: E402
import packages  # noqa: E402
import prove  # noqa: E402
from errors import DistError  # noqa: E402
from platforms import PLATFORMS, linkable  # noqa: E402
from release import HOW_TO_SIGN, Release, require_key, write_json  # noqa: E402
from sbom import sbom  # noqa: E402


def check(options):
    cargo.commit_time()
    if options.sign:
        refuse_uncommitted()
        require_key(options.sign, os.environ.get("GPG_PASSPHRASE"))
    for platform in options.platforms if options.build else ():
        cargo.require_target(platform.target)


def refuse_uncommitted():
    if cargo.uncommitted():
        raise DistError("The clone has changes that no commit holds; a signed release is made of a commit.")


def build(options):
    name = cargo.manifest()["name"]
    for platform in options.platforms:
        print(f"Building for {platform.name} ({platform.target})", flush=True)
        binary = cargo.build(platform, options.profile)
        place = options.binaries / platform.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(binary, place / f"{name}{platform.suffix}")


def package(options):
    if options.sign:
        refuse_uncommitted()
    manifest = cargo.manifest()
    name, version = manifest["name"], manifest["version"]
    epoch = cargo.commit_time()
    folder = options.output / version
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    release = Release(folder, name, options.source, version, epoch)
    for platform in options.platforms:
        binary = options.binaries / platform.name / f"{name}{platform.suffix}"
        if not binary.is_file():
            raise DistError(f"No binary for {platform.name}: {binary} does not exist")
        release.add_archive(platform, binary, cargo.ROOT / "LICENSE")
    release.write_manifest()
    release.write_checksums()
    resolved = packages.packages([platform.target for platform in options.platforms])
    write_json(release.file("sbom.cdx.json"), sbom(resolved, packages.checksums(), release.epoch))
    mirror = options.mirror or folder / "mirror"
    release.write_mirror(options.platforms, mirror)
    if options.sign:
        release.sign(options.sign, os.environ.get("GPG_PASSPHRASE"))
    report(release, mirror, signed=bool(options.sign))


def report(release, mirror, signed):
    print(f"{release.name} {release.version} in {release.folder}:")
    for file in sorted(p for p in release.folder.iterdir() if p.is_file()):
        print(f"  {file.stat().st_size:>10,}  {file.name}")
    print(f"{mirror}: a filesystem_mirror, and on an HTTPS server a network_mirror, for Terraform and OpenTofu")
    if not signed:
        print(f"The checksums are not signed. {HOW_TO_SIGN}")


def notes(_options):
    version = cargo.manifest()["version"]
    print(changelog.section((cargo.ROOT / "CHANGELOG.md").read_text(), version))


def platforms(text):
    unknown = [name for name in text.split() if name not in PLATFORMS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown platform {unknown[0]}; known are {' '.join(PLATFORMS)}")
    return [PLATFORMS[name] for name in text.split()]


def main():
    parser = argparse.ArgumentParser(prog="python3 .ci/dist", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for run in (check, build, package):
        command = commands.add_parser(run.__name__)
        command.set_defaults(run=run)
        command.add_argument("--platforms", type=platforms, default=linkable(), help="separated by spaces")
        if run is not check:
            command.add_argument("--binaries", type=Path, required=True, help="folder with a folder for each platform")
        if run is not build:
            command.add_argument("--sign", metavar="KEY", help="RSA or DSA key of gpg's keyring")
        if run is check:
            command.add_argument("--build", action="store_true", help="the binaries are built as well")
        elif run is build:
            command.add_argument("--profile", default="release")
        else:
            command.add_argument("--source", required=True, help="NAMESPACE/TYPE")
            command.add_argument("--output", type=Path, required=True, help="the release is its folder VERSION")
            command.add_argument("--mirror", type=Path, metavar="DIR", help="existing mirror to add to; default VERSION/mirror")
    command = commands.add_parser("prove")
    command.set_defaults(run=lambda options: prove.prove(options.tools.resolve()))
    command.add_argument("--tools", type=Path, required=True, help="folder of cargo-auditable and cargo-zigbuild")
    command = commands.add_parser("start")
    command.set_defaults(run=lambda options: prove.start(options.binary))
    command.add_argument("binary", type=Path, help="a binary for linux_amd64")
    commands.add_parser("notes").set_defaults(run=notes)
    commands.add_parser("dependencies").set_defaults(run=lambda _options: bans.check())
    options = parser.parse_args()
    try:
        options.run(options)
    except DistError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
