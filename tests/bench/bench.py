"""Measures the provider as Terraform uses it: `make bench`.

Everything is taken in turns within one run, and each figure is the median of several: the provider,
Terraform's own floor (as many `terraform_data`), and, with PEER=paths to its binaries, hashicorp/aws with
the same objects. docs/PERFORMANCE.md says how to read it.

bench.py --binary PATH --simulator PATH [--peer PATH …] [--aws simulator|ministack] [--sizes 1,10,50,200]
         [--runs 5] [--groups 50] [--scale 2] [--parts start,growth,latency,creation,output,others]
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "local_aws"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import creation  # noqa: E402
import goals  # noqa: E402
import latency  # noqa: E402
import neighbours  # noqa: E402
import output  # noqa: E402
from local_aws import Ministack, clean_environment  # noqa: E402
from proxy import Proxy  # noqa: E402
from stacks import PER_SET, TERRAFORM, Plugin, Stack, environment  # noqa: E402
from tables import by_operation, row, seconds, table, together  # noqa: E402

# LOCAL_AWS_VENV is where `make` has installed it.
VENV = Path(os.environ.get("LOCAL_AWS_VENV", ROOT / "target" / "venv"))
PARTS = ("start", "growth", "latency", "creation", "output", "others")
FLOOR = "none (floor)"
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


def start(contenders, home, runs, figures):
    table("Start", "process", "binary", "handshake", "idle memory")
    for plugin in contenders:
        size = plugin.binary.stat().st_size / 1e6
        took = median(lambda: handshake(plugin.binary, home), runs * 4)
        row(plugin.name, f"{size:.1f} MB", seconds(took), f"{idle_memory(plugin.binary, home):.0f} MB")
        if plugin is contenders[0]:
            figures["handshake"] = took


def growth(contenders, aws, home, sizes, runs, figures):
    """What things cost; then where the time of those plans went."""
    table(
        "Growth", "sets", "resources", "provider", "apply", "plan", "plan / floor", "plan / ours", "validate",
        "validate / floor", "schema", "CPU", "memory", "calls", "calls by operation",
    )  # fmt: skip
    times, served = [], []
    with Proxy(aws) as proxy:
        for size in sizes:
            times += grown(contenders, aws, proxy, home, size, runs, figures, served)
    table(
        "Where the time of a plan goes", "resources", "provider", "plan", "before the first read", "reads",
        "after the last read", "with a call to AWS in progress", "CPU of Terraform", "CPU of the provider",
    )  # fmt: skip
    for cells in times:
        row(*cells)
    table("What the provider does in a plan", "resources", "", "RPCs", "together", "median")
    for cells in served:
        row(*cells)


def grown(contenders, aws, proxy, home, size, runs, figures, served):
    count = size * PER_SET
    floor = Stack.floor(home, count)
    stacks = [Stack.of(plugin, home, size, environment(plugin, aws, home, size)) for plugin in contenders]
    everybody = [floor, *stacks]
    applied = {stack: stack.timed("apply", "-auto-approve") for stack in everybody}
    plans, validations, schemas, measured = ({stack: [] for stack in everybody} for _ in range(4))
    # In turns, so that a busy moment of the machine falls on everybody.
    for _ in range(runs):
        for stack in everybody:
            plans[stack].append(stack.timed("plan", "-detailed-exitcode"))
            validations[stack].append(stack.timed("validate"))
            schemas[stack].append(stack.timed("providers", "schema", "-json"))
            measured[stack].append(stack.measured_plan(proxy))
    middle = statistics.median
    row(
        size, count, FLOOR, seconds(applied[floor]), seconds(middle(plans[floor])), 1, "",
        seconds(middle(validations[floor])), 1, seconds(middle(schemas[floor])), "", "", "", "",
    )  # fmt: skip
    for stack in stacks:
        plan, validation = (middle(taken[stack]) / middle(taken[floor]) for taken in (plans, validations))
        cpu = middle(one.cpu for one in measured[stack])
        memory = max(one.memory for one in measured[stack])
        calls = measured[stack][-1].calls
        row(
            size, count, stack.plugin.name, seconds(applied[stack]), seconds(middle(plans[stack])), f"{plan:.1f}",
            f"{middle(plans[stack]) / middle(plans[stacks[0]]):.1f}", seconds(middle(validations[stack])),
            f"{validation:.1f}", seconds(middle(schemas[stack])), seconds(cpu), f"{memory:.0f} MB", len(calls),
            by_operation(calls),
        )  # fmt: skip
        if stack is stacks[0]:
            figures["plan", count] = plan
            figures["validate", count] = validation
            figures["cpu", count] = cpu
            figures["memory", count] = memory
            figures["calls", count] = len(calls)
    times = [(count, stack.plugin.name if stack.plugin else FLOOR, *phases(measured[stack])) for stack in everybody]
    served += [(count, *cells) for cells in rpcs(*stacks[0].logged_plan(proxy))]
    for stack in stacks:
        stack.run("destroy", "-auto-approve")
    for stack in everybody:
        stack.remove()
    return times


def rpcs(served, calls):
    """How long each kind of request took the provider, and what it waited for in the reads."""
    rows = []
    for name in sorted({rpc.name for rpc in served}):
        took = [rpc.ended - rpc.begun for rpc in served if rpc.name == name]
        rows.append((name, len(took), seconds(sum(took)), f"{statistics.median(took) * 1000:.2f} ms"))
    reads = [(rpc.begun, rpc.ended) for rpc in served if rpc.name == "ReadResource"]
    reading = together(reads)
    waited = together((call.begun, call.ended) for call in calls)
    rows.append(("time with a read in progress", "", seconds(reading), ""))
    rows.append(("… and a call to AWS", "", seconds(waited), ""))
    rows.append(("… and no call: the read waits for others, or is decoded and compared", "", seconds(reading - waited), ""))
    return rows


def phases(plans):
    """The parts of a plan, each the median of the plans."""
    parts = []
    for plan in plans:
        first = min(begun for begun, _ in plan.reads)
        last = max(ended for _, ended in plan.reads)
        waited = together((call.begun, call.ended) for call in plan.calls)
        whole = plan.ended - plan.begun
        parts.append(
            (whole, first - plan.begun, last - first, plan.ended - last, waited, plan.cpu_of_terraform, plan.cpu)
        )
    return [seconds(statistics.median(part)) for part in zip(*parts)]


def foreign(plugin, simulator, home, runs):
    """A configuration alone in its account, and in one with thousands of groups of others."""
    table("An account of others", "groups of others", "resources", "plan", "calls", "calls by operation")
    # The second is one of forty in an account of 4 000 groups.
    for size, count in ((10, 5000), (100, 3900)):
        beside(plugin, simulator, home, runs, size, count)


def beside(plugin, simulator, home, runs, size, count):
    with neighbours.simulator(simulator, home) as endpoint, Proxy(endpoint) as proxy:
        for others in (0, count):
            neighbours.create(endpoint, others)
            stack = Stack.of(plugin, home, size, neighbours.environment(endpoint, home))
            stack.run("apply", "-auto-approve")
            took = median(lambda stack=stack: stack.timed("plan", "-detailed-exitcode"), runs)
            calls = stack.measured_plan(proxy).calls
            row(others, size * PER_SET, seconds(took), len(calls), by_operation(calls))
            stack.run("destroy", "-auto-approve")
            stack.remove()


@contextlib.contextmanager
def local_aws(options, home):
    """The endpoint of the local AWS that was asked for."""
    if options.aws == "simulator":
        with neighbours.simulator(options.simulator, home) as endpoint:
            yield endpoint
        return
    ministack = Ministack(VENV, home, 6379)
    program = ministack.start()
    try:
        program.wait_until(ministack.is_ready)
        yield ministack.endpoint
    finally:
        program.stop()


def heading(options):
    """What the figures are of, so that they can stand in a document as they are."""
    asked = subprocess.run([TERRAFORM, "version", "-json"], capture_output=True, check=True)
    version = json.loads(asked.stdout)["terraform_version"]
    print(
        f"{date.today()}: Terraform {version}, {options.aws}, {os.cpu_count()} cores ({platform.machine()}), "
        f"medians of {options.runs}.",
        flush=True,
    )


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--binary", type=Path, required=True)
    options.add_argument("--simulator", type=Path, required=True)
    options.add_argument("--peer", type=Path, nargs="*", default=[])
    options.add_argument("--aws", choices=("simulator", "ministack"), default="simulator")
    options.add_argument("--parts", default=",".join(PARTS))
    options.add_argument("--sizes", default="1,10,50,200")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--groups", type=int, default=50)
    options.add_argument("--scale", type=int, default=2)
    options = options.parse_args()
    parts = options.parts.split(",")
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise SystemExit(f"Unknown parts {', '.join(sorted(unknown))}: choose from {', '.join(PARTS)}.")
    if not shutil.which(TERRAFORM):
        raise SystemExit("Missing: terraform. Set TERRAFORM to its path.")
    contenders = [Plugin.ours(options.binary), *(Plugin.peer(path) for path in options.peer)]
    sizes = [int(size) for size in options.sizes.split(",")]
    figures = {}
    heading(options)
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        home = Path(directory)
        if "start" in parts:
            start(contenders, home, options.runs, figures)
        if "growth" in parts or "latency" in parts:
            with local_aws(options, home) as endpoint:
                if "growth" in parts:
                    growth(contenders, endpoint, home, sizes, options.runs, figures)
                if "latency" in parts:
                    latency.measure(contenders, endpoint, home, sizes, options.runs, figures)
        if "creation" in parts:
            creation.measure(contenders, options.simulator, home, options.groups, options.scale, figures)
        if "output" in parts:
            output.measure(contenders[0], options.simulator, home, figures)
        if "others" in parts:
            foreign(contenders[0], options.simulator, home, options.runs)
    goals.show(figures)


if __name__ == "__main__":
    main()
