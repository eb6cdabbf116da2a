"""The platforms of a release and how each is compiled."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Platform:
    """One platform: the name that Terraform gives it, and Rust's target for it."""

    name: str
    target: str

    @property
    def system(self):
        return self.name.split("_")[0]

    @property
    def suffix(self):
        """The ending of a program's file name."""
        return ".exe" if self.system == "windows" else ""

    @property
    def subcommand(self):
        """The cargo command that compiles for it.

        Zig is the C compiler and linker for every system but macOS, whose frameworks
        come with Xcode only: those binaries are built on a Mac.
        """
        return "build" if self.system == "darwin" else "zigbuild"


# The Linux binaries are static, so that they start on every distribution and in an empty image.
PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform("darwin_amd64", "x86_64-apple-darwin"),
        Platform("darwin_arm64", "aarch64-apple-darwin"),
        Platform("linux_amd64", "x86_64-unknown-linux-musl"),
        Platform("linux_arm64", "aarch64-unknown-linux-musl"),
        Platform("windows_amd64", "x86_64-pc-windows-gnu"),
        Platform("windows_arm64", "aarch64-pc-windows-gnullvm"),
    )
}


def linkable(system=sys.platform):
    """The platforms that this machine can build: on Linux all but macOS."""
    on_mac = system == "darwin"
    return [p for p in PLATFORMS.values() if (p.system == "darwin") == on_mac]
