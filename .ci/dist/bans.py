"""The rules of deny.toml: by cargo-deny, or without it the bans alone."""

import os
import shutil
import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path

from cargo import ROOT, capture
from errors import DistError
from packages import packages


def check():
    """Raises DistError when a dependency breaks a rule. Nothing is downloaded but crates."""
    if shutil.which("cargo-deny") is None:
        print("cargo-deny is not installed: of deny.toml only [bans] is checked (cargo install --locked cargo-deny)")
        found = problems()
        if found:
            raise DistError("\n".join(found))
        return
    checks = ["bans", "licenses", "sources"]
    if (Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo") / "advisory-dbs").is_dir():
        checks.append("advisories")
    else:
        print("No advisory database: advisories are not checked (cargo deny fetch)")
    capture("cargo", "fetch", "--locked")
    if subprocess.run(["cargo", "deny", "--frozen", "check", *checks], cwd=ROOT).returncode != 0:
        raise DistError("cargo deny: a dependency breaks a rule of deny.toml")


def problems():
    """What the dependencies of the provider break, one sentence each."""
    rules = tomllib.loads((ROOT / "deny.toml").read_text())
    # As cargo-deny does it, with what build scripts and macros use.
    compiled = packages(rules["graph"]["targets"], edges="normal,build")
    return forbidden(compiled, rules["bans"]) + duplicates(compiled, rules["bans"])


def forbidden(packages, bans):
    reasons = {rule["crate"]: rule["reason"] for rule in bans["deny"]}
    return [
        f"{package.name} {package.version} is compiled. It is banned: {reasons[package.name]}."
        for package in packages.values()
        if package.name in reasons
    ]


def duplicates(packages, bans):
    versions = defaultdict(set)
    for package in packages.values():
        versions[package.name].add(package.version)
    skipped = [rule["crate"].split("@") for rule in bans["skip"]]
    found = []
    for name, all_versions in versions.items():
        skips = [version for skipped_name, version in skipped if skipped_name == name]
        counted = {v for v in all_versions if not any(v == skip or v.startswith(f"{skip}.") for skip in skips)}
        if len(counted) > 1:
            found.append(f"{name} is compiled in {' and '.join(sorted(all_versions))}, for no reason that deny.toml gives.")
    return found
