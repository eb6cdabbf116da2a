"""Measures the provider as Terraform uses it: `make bench`.

Everything is taken in turns within one run, and each figure is the median of several:
the provider, Terraform's own floor (as many `terraform_data`), and, with PEER=path to
its binary, hashicorp/aws with the same objects. docs/PERFORMANCE.md says how to read it.

  bench.py --binary PATH [--peer PATH] [--simulator PATH] [--sizes 1,10,50,200] [--runs 5]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "local_aws"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import configurations  # noqa: E402
import neighbours  # noqa: E402
from local_aws import Ministack, aws_environment, clean_environment  # noqa: E402
from stacks import Plugin, Stack  # noqa: E402

PER_SET = 5
COOKIE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "6,5",
}


def median(run, times):
    return statistics.median(run() for _ in range(times))


def handshake(binary, home):
    """Seconds from the start of the process to its handshake line."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [binary],
        env=clean_environment(home) | COOKIE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        if not process.stdout.readline():
            raise SystemExit(f"{binary} ended without a handshake")
        return time.perf_counter() - begun
    finally:
        process.kill()
        process.wait()


def idle_memory(binary, home):
    """The most memory, in MB, of a process that has shaken hands and does nothing."""
    process = subprocess.Popen(
        [binary],
        env=clean_environment(home) | COOKIE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.stdout.readline()
        status = Path(f"/proc/{process.pid}/status")
        if not status.exists():
            return float("nan")
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines["VmHWM"].split()[0]) / 1024
    finally:
        process.kill()
        process.wait()


def seconds(value):
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def table(*titles):
    print()
    row(*titles)
    row(*("---" for _ in titles))


def start(contenders, home, runs):
    table("process", "binary", "handshake", "idle memory")
    for plugin in contenders:
        size = plugin.binary.stat().st_size / 1e6
        took = median(lambda: handshake(plugin.binary, home), runs * 4)
        row(plugin.name, f"{size:.1f} MB", seconds(took), f"{idle_memory(plugin.binary, home):.0f} MB")


def growth(contenders, ministack, home, sizes, runs):
    table(
        "sets", "resources", "provider", "apply", "plan", "plan / floor", "validate", "validate / floor",
        "schema", "CPU", "memory", "calls", "calls by operation",
    )  # fmt: skip
    for size in sizes:
        floor = Stack.floor(home, size * PER_SET)
        stacks = [
            Stack.of(plugin, home, size, aws_environment(ministack.endpoint, home) | account(plugin, size))
            for plugin in contenders
        ]
        applied = {stack: stack.timed("apply", "-auto-approve") for stack in [floor, *stacks]}
        plans, validations, schemas = ({stack: [] for stack in [floor, *stacks]} for _ in range(3))
        # In turns, so that a busy moment of the machine falls on everybody.
        for _ in range(runs):
            for stack in [floor, *stacks]:
                plans[stack].append(stack.timed("plan", "-detailed-exitcode"))
                validations[stack].append(stack.timed("validate"))
                schemas[stack].append(stack.timed("providers", "schema", "-json"))
        middle = statistics.median
        row(
            size, size * PER_SET, "none (floor)", seconds(applied[floor]), seconds(middle(plans[floor])), 1,
            seconds(middle(validations[floor])), 1, seconds(middle(schemas[floor])), "", "", "", "",
        )  # fmt: skip
        for stack in stacks:
            usages = [stack.usage_of_plan() for _ in range(runs)]
            cpu, memory = middle(cpu for cpu, _ in usages), max(memory for _, memory in usages)
            calls = stack.calls_of_plan()
            named = ", ".join(f"{count} {name}" for name, count in sorted(calls.items()))
            row(
                size, size * PER_SET, stack.plugin.name, seconds(applied[stack]),
                seconds(middle(plans[stack])), f"{middle(plans[stack]) / middle(plans[floor]):.1f}",
                seconds(middle(validations[stack])),
                f"{middle(validations[stack]) / middle(validations[floor]):.1f}",
                seconds(middle(schemas[stack])), seconds(cpu), f"{memory:.0f} MB", sum(calls.values()), named,
            )  # fmt: skip
        for stack in stacks:
            stack.run("destroy", "-auto-approve")
            stack.remove()
        floor.remove()


def account(plugin, size):
    """An account of its own, so that nobody lists what is another's."""
    return {"AWS_ACCESS_KEY_ID": f"{abs(hash((plugin.name, size))) % 10**12:012}"}


def foreign(plugin, simulator, home, runs, size=10, count=5000):
    """A small configuration in an account with thousands of groups of others."""
    table("groups of others", "resources", "plan", "calls", "calls by operation")
    with neighbours.simulator(simulator, home) as endpoint:
        for others in (0, count):
            neighbours.create(endpoint, others)
            stack = Stack.of(plugin, home, size, neighbours.environment(endpoint, home))
            stack.run("apply", "-auto-approve")
            took = median(lambda stack=stack: stack.timed("plan", "-detailed-exitcode"), runs)
            calls = stack.calls_of_plan()
            named = ", ".join(f"{count} {name}" for name, count in sorted(calls.items()))
            row(others, size * PER_SET, seconds(took), sum(calls.values()), named)
            stack.run("destroy", "-auto-approve")
            stack.remove()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--binary", type=Path, required=True)
    options.add_argument("--peer", type=Path)
    options.add_argument("--simulator", type=Path)
    options.add_argument("--sizes", default="1,10,50,200")
    options.add_argument("--runs", type=int, default=5)
    options = options.parse_args()
    if not shutil.which(os.environ.get("TERRAFORM", "terraform")):
        raise SystemExit("Missing: terraform. Set TERRAFORM to its path.")
    contenders = [Plugin.ours(options.binary)]
    if options.peer:
        contenders.append(Plugin.peer(options.peer))
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        home = Path(directory)
        start(contenders, home, options.runs)
        ministack = Ministack(ROOT / "target" / "venv", home, 6379)
        program = ministack.start()
        try:
            program.wait_until(ministack.is_ready)
            sizes = [int(size) for size in options.sizes.split(",")]
            growth(contenders, ministack, home, sizes, options.runs)
        finally:
            program.stop()
        if options.simulator:
            foreign(contenders[0], options.simulator, home, options.runs)


if __name__ == "__main__":
    main()
