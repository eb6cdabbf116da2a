"""Measures what it costs to build the provider: `make bench-build`.

build.py [--parts debug,release,edit,check] [--against COMMIT]

    debug    a clean debug build of the provider
    release  a clean release build of the provider, and the size of the program
    edit     `make build` after an edit of one resource file
    check    `make check` after such an edit

Everything is built in copies in a temporary folder, so that neither the checkout nor its target folder is
touched. COMMIT is built in the same way, each part right after that of the checkout, and the ratios are
printed. Dependencies are downloaded before anything is measured. Only the standard library is used.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "terraform-provider-elasticache"
PARTS = ("debug", "release", "edit", "check")
EDITS = 3

# The largest resource: an edit there is the slowest to compile.
EDITED = "src/resources/replication_group/resource.rs"
FUNCTION = re.compile(r"    async fn read\(.*?\) -> [^{]*\{\n", re.DOTALL)


@dataclass
class Usage:
    """Of a command and of all that it started."""

    wall: float
    cpu: float
    # Of the process that used most, in MiB.
    memory: float


class Failure(Exception):
    pass


@dataclass
class Checkout:
    """A copy of the sources, and a target folder of its own."""

    name: str
    sources: Path
    target: Path

    def run(self, *command):
        """Runs a command to its end and measures it."""
        environment = dict(os.environ, CARGO_TARGET_DIR=str(self.target), CARGO_TERM_COLOR="never")
        # What belongs to the make that runs this, and would be inherited by the one that it measures.
        for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CLIPPY_ARGS"):
            environment.pop(name, None)
        log = self.sources.parent / f"{self.name}.log"
        with open(log, "wb") as output:
            started = time.monotonic()
            process = subprocess.Popen(
                command, cwd=self.sources, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            end = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
            raise Failure(f"{' '.join(command)} fails in {self.name}:\n{end}")
        # Kilobytes, but bytes on macOS.
        memory = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
        return Usage(wall, usage.ru_utime + usage.ru_stime, memory)

    def clean(self):
        shutil.rmtree(self.target, ignore_errors=True)

    def build(self):
        return self.run("make", "build")

    def edit(self, number):
        """Adds a statement to a function, so that the file means something else than before."""
        file = self.sources / EDITED
        text = re.sub(r"\n.*// edit \d+$", "", file.read_text(), flags=re.MULTILINE)
        function = FUNCTION.search(text)
        if not function:
            raise Failure(f"{EDITED} of {self.name} has no function read to edit.")
        statement = f"        let _ = std::hint::black_box({number}_u32); // edit {number}\n"
        file.write_text(text[: function.end()] + statement + text[function.end() :])

    def after_edits(self, *command):
        """The median of the runs after each edit. The run before them brings everything up to date."""
        self.run(*command)
        runs = []
        for number in range(EDITS):
            self.edit(number + 1)
            runs.append(self.run(*command))
        return Usage(*(statistics.median(getattr(run, field) for run in runs) for field in ("wall", "cpu", "memory")))

    def has_target(self, name):
        return re.search(rf"^{name}:", (self.sources / "Makefile").read_text(), re.MULTILINE)


def copy_of_checkout(directory):
    """The files that git knows or would add, as they are now."""
    sources = directory / "this"
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, sources / name)
    return Checkout("this", sources, directory / "this-target")


def clone_of(commit, directory):
    sources = directory / "against"
    git("clone", "--quiet", "--no-checkout", str(ROOT), str(sources))
    git("-C", str(sources), "checkout", "--quiet", git("rev-parse", f"{commit}^{{commit}}").strip())
    return Checkout("against", sources, directory / "against-target")


def git(*arguments):
    ran = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        raise Failure(f"git {arguments[0]} fails: {ran.stderr.strip()}")
    return ran.stdout


def debug(checkout):
    checkout.clean()
    return usage_rows("clean debug build", checkout.build())


def release(checkout):
    checkout.clean()
    rows = usage_rows("clean release build", checkout.run("make", "release"))
    size = (checkout.target / "release" / NAME).stat().st_size / (1024 * 1024)
    checkout.clean()
    return rows | {"release program": (size, "MiB")}


def edit(checkout):
    return usage_rows("make build after an edit", checkout.after_edits("make", "build"))


def check(checkout):
    if not checkout.has_target("check"):
        return {}
    return usage_rows("make check after an edit", checkout.after_edits("make", "check"))


def usage_rows(what, usage):
    return {
        f"{what}: CPU": (usage.cpu, "s"),
        f"{what}: wall": (usage.wall, "s"),
        f"{what}: peak memory of a process": (usage.memory, "MiB"),
    }


def show(rows, other):
    """One line for each figure: this checkout, and with another commit its figure and the ratio."""
    for name, (value, unit) in rows.items():
        line = f"{name:55} {value:10.1f} {unit:4}"
        if name in other:
            against, _ = other[name]
            line += f"{against:10.1f} {unit:4}{100 * value / against:7.0f} %"
        print(line.rstrip(), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--against")
    options = parser.parse_args()
    parts = options.parts.split(",")
    unknown = set(parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown parts {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory(prefix="bench-build-") as directory:
        directory = Path(directory)
        try:
            checkouts = [copy_of_checkout(directory)]
            if options.against:
                checkouts.append(clone_of(options.against, directory))
            for checkout in checkouts:
                checkout.run("cargo", "fetch", "--locked")
            print(f"{'':55} {'this':>10}" + (f"     {options.against[:10]:>10}      ratio" if options.against else ""))
            for part in parts:
                rows = [globals()[part](checkout) for checkout in checkouts]
                show(rows[0], rows[1] if len(rows) > 1 else {})
        except Failure as failure:
            print(failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
