"""The crates compiled into the provider, as cargo resolves them."""

import re
import tomllib
from dataclasses import dataclass, field

from cargo import ROOT, capture

LINE = re.compile(r"(?P<depth>\d+)(?P<name>[\w-]+) v(?P<version>[^ \t]+)(?P<more>[^\t]*)\t(?P<license>[^\t]*?)(?: \(\*\))?$")


@dataclass
class Package:
    """A crate, its license expression, and the crates that it uses."""

    name: str
    version: str
    license: str
    uses: set = field(default_factory=set)


def packages(targets, edges="normal,no-proc-macro"):
    """The packages by (name, version), over all `targets`; the first is the provider itself."""
    found = {}
    for target in targets:
        tree = capture(
            "cargo", "tree", "--locked", "--edges", edges, "--target", target,
            "--prefix", "depth", "--format", "{p}\t{l}",
        )  # fmt: skip
        parse(tree, found)
    return found


def parse(tree, found):
    """Adds the lines of a `cargo tree` with depths to `found`."""
    above = []
    for line in tree.splitlines():
        match = LINE.match(line)
        if match is None:
            raise ValueError(f"cannot read this line of cargo tree: {line!r}")
        key = (match["name"], match["version"])
        found.setdefault(key, Package(*key, license=spdx(match["license"])))
        del above[int(match["depth"]) :]
        if above:
            found[above[-1]].uses.add(key)
        above.append(key)


def spdx(expression):
    """Old manifests separate alternatives by a slash."""
    return re.sub(r"\s*/\s*", " OR ", expression)


def checksums():
    """The SHA-256 of each crate's archive by (name, version), from Cargo.lock."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(p["name"], p["version"]): p["checksum"] for p in lock["package"] if "checksum" in p}
