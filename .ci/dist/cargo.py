"""Runs cargo so that the binaries depend on the sources alone."""

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from errors import DistError

ROOT = Path(__file__).resolve().parents[2]


def manifest():
    """Cargo.toml, the only place where the version is written."""
    return tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]


def target_directory():
    return Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()


def commit_time():
    """SOURCE_DATE_EPOCH: the given one, or the time of the commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        if not given.isdecimal():
            raise DistError(f"SOURCE_DATE_EPOCH is not a number of seconds since 1970: {given}")
        return int(given)
    problem = clone_problem()
    if problem:
        raise DistError(f"{problem}\n{HOW_TO_SET_THE_TIME}")
    return int(capture("git", "log", "-1", "--format=%ct"))


HOW_TO_SET_THE_TIME = """\
The time of the commit is the time of all files in a release. Outside a git clone, set it in seconds since 1970:
  make dist SOURCE_DATE_EPOCH=1767225600"""


def uncommitted():
    """The changes that no commit holds, as `git status` lists them."""
    problem = clone_problem()
    if problem:
        raise DistError(f"{problem}\nA signed release is made of a commit, and so is a proof.")
    return capture("git", "status", "--porcelain")


def clone_problem():
    """Why the commit is unknown; None in a git clone. Another repository may contain the folder."""
    try:
        top = capture("git", "rev-parse", "--show-toplevel").strip()
    except DistError as error:
        return f"{ROOT} is not a git clone, or git cannot read it. {error.args[0].strip()}"
    if Path(top).resolve() != ROOT:
        return f"{ROOT} is not a git clone, but a folder in that of {top}."
    return None


def capture(*command):
    """The standard output of a command; raises DistError when it fails."""
    try:
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        raise DistError(f"Missing: {command[0]}") from None
    except subprocess.CalledProcessError as error:
        raise DistError(f"{' '.join(command)} failed:\n{error.stderr}") from None


def build(platform, profile):
    """Compiles for one platform; the path of the binary."""
    for tool in ("cargo-auditable", f"cargo-{platform.subcommand}"):
        if tool != "cargo-build" and shutil.which(tool) is None:
            raise DistError(f"Missing: {tool}. Run `make dist-tools`.")
    install_target(platform.target)
    name = manifest()["name"]
    command = ["cargo", "auditable", platform.subcommand, "--locked", "--bin", name]
    command += ["--target", platform.target, "--profile", profile]
    if subprocess.run(command, cwd=ROOT, env=environment(platform.target)).returncode != 0:
        raise DistError(f"No binary for {platform.name}: {' '.join(command)} failed")
    folder = "debug" if profile == "dev" else profile
    binary = target_directory() / platform.target / folder / f"{name}{platform.suffix}"
    require_dependencies(binary)
    return binary


# cargo-auditable writes the list of dependencies into a section of this name, which ELF, PE and Mach-O end with a zero.
DEPENDENCIES = b".dep-v0\0"


def require_dependencies(binary):
    """Raises DistError when a binary does not list its dependencies."""
    if DEPENDENCIES not in binary.read_bytes():
        raise DistError(f"{binary} has no section .dep-v0, in which cargo-auditable lists its dependencies.")


def require_target(target):
    """Raises DistError when the standard library for `target` is missing, and so is rustup, which installs it."""
    if shutil.which("rustup") is None:
        library = capture("rustc", "--print", "target-libdir", "--target", target).strip()
        if not any(Path(library).glob("libstd-*")):
            get = "Get rustup from https://rustup.rs"
            raise DistError(f"Missing: rustup, or the standard library of Rust for {target}. {get}")


def install_target(target):
    """Adds the standard library for `target`."""
    if shutil.which("rustup") is None:
        return
    if target not in capture("rustup", "target", "list", "--installed").split():
        print(capture("rustup", "target", "add", target), end="", file=sys.stderr)


def environment(target):
    """Variables under which two clones in two folders give identical bytes."""
    # Cargo's own home and the target directory may be inside the clone: the last match wins.
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    places = [(ROOT, "/source"), (target_directory(), "/target"), (home, "/cargo")]
    rust_flags = [f"--remap-path-prefix={place}={short}" for place, short in places]
    rust_flags += smaller(target)
    c_flags = [f"-ffile-prefix-map={place}={short}" for place, short in places]
    return os.environ | zig() | linker(target) | {
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(rust_flags),
        "RUSTC_WRAPPER": str(ROOT / ".ci" / "rustc-sdks-in-part"),
        "CC_SHELL_ESCAPED_FLAGS": "1",
        f"CFLAGS_{target.replace('-', '_')}": shlex.join(c_flags),
        "CARGO_INCREMENTAL": "0",
        "SOURCE_DATE_EPOCH": str(commit_time()),
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def smaller(target):
    """Flags of the linker of static binaries that save a megabyte: relocations are packed, and functions
    with the same machine code are kept once. The C library of the target applies packed relocations
    since musl 1.2.4."""
    if not target.endswith("-musl"):
        return []
    return ["-Clink-arg=--pack-dyn-relocs=relr", "-Clink-arg=--icf=all"]


def linker(target):
    """For static binaries the linker and C library of the Rust toolchain.

    Zig would compile a musl of its own first, with the path of the clone in it, and links no
    position-independent executable.
    """
    if not target.endswith("-musl"):
        return {}
    return {f"CARGO_TARGET_{target.upper().replace('-', '_')}_LINKER": "rust-lld"}


def zig():
    """Zig itself instead of the Python module around it, which would be started for each C file."""
    zigbuild = shutil.which("cargo-zigbuild")
    found = Path(zigbuild).resolve().parents[1].glob("lib/python*/site-packages/ziglang/zig") if zigbuild else ()
    return {"CARGO_ZIGBUILD_ZIG_PATH": str(path) for path in found}
