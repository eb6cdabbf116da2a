"""Workspaces of Terraform: timed, with the provider's use of the machine, and with its calls."""

import json
import os
import re
import shutil
import subprocess
import time
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import configurations
from local_aws import aws_environment, clean_environment

TERRAFORM = os.environ.get("TERRAFORM", "terraform")
WRAPPER = Path(__file__).resolve().parent / "measured.py"
# Resources of a set.
PER_SET = 5


@dataclass(frozen=True)
class Plugin:
    """A provider's binary and what Terraform knows it by."""

    name: str
    source: str
    file: str
    binary: Path
    root: str
    text: str

    @classmethod
    def ours(cls, binary):
        source = "elasticache-rs/elasticache"
        return cls("elasticache", source, "terraform-provider-elasticache", binary.resolve(), "", configurations.OURS)

    @classmethod
    def peer(cls, binary):
        source = "registry.terraform.io/hashicorp/aws"
        version = re.search(r"_v(\d[\d.]*\d)", binary.name)
        name = f"hashicorp/aws {version.group(1)}" if version else "hashicorp/aws"
        root, text = configurations.PEER_ROOT, configurations.PEER
        return cls(name, source, "terraform-provider-aws", binary.resolve(), root, text)


class Stack:
    """A directory with a configuration."""

    def __init__(self, plugin, directory, files, environment):
        self.plugin = plugin
        self.directory = directory
        self.environment = environment
        for name, text in files.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_text(text)

    @classmethod
    def floor(cls, home, count):
        """As many resources that Terraform keeps by itself."""
        stack = cls(None, home / f"floor-{count}", configurations.floor(count), {})
        stack.environment = clean_environment(home)
        stack.run("init", "-input=false")
        return stack

    @classmethod
    def of(cls, plugin, home, sets, environment):
        directory = home / f"{re.sub('[/ ]', '-', plugin.name)}-{sets}"
        stack = cls(plugin, directory, configurations.sets(plugin.root, plugin.text, sets), {})
        stack.environment = clean_environment(home) | environment | stack.cli()
        stack.run("get")
        return stack

    def cli(self):
        """What makes Terraform run the plugin."""
        return {"TF_CLI_CONFIG_FILE": str(self.use(self.plugin.binary))}

    def use(self, program):
        """Makes Terraform run this program as the provider; the CLI configuration that says so."""
        plugins = self.directory / "plugins" / program.stem
        plugins.mkdir(parents=True, exist_ok=True)
        link = plugins / self.plugin.file
        if not link.is_symlink():
            link.symlink_to(program)
        file = plugins / "terraform.rc"
        file.write_text(f'provider_installation {{\n  dev_overrides {{\n    "{self.plugin.source}" = "{plugins}"\n  }}\n}}\n')
        return file

    def run(self, *command, **more):
        environment = self.environment | more
        done = subprocess.run(
            [TERRAFORM, f"-chdir={self.directory}", *command], env=environment, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise SystemExit(f"terraform {' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def timed(self, *command):
        begun = time.perf_counter()
        self.run(*command)
        return time.perf_counter() - begun

    def measured_plan(self, proxy):
        """A plan through the proxy that notes what its processes take of the machine, and when resources are read."""
        book = self.directory / "usage.json"
        book.unlink(missing_ok=True)
        proxy.take()
        environment = self.environment | {"AWS_ENDPOINT_URL": proxy.endpoint}
        if self.plugin:
            environment = environment | {
                "TF_CLI_CONFIG_FILE": str(self.use(WRAPPER)),
                "MEASURED_PROGRAM": str(self.plugin.binary),
                "MEASURED_BOOK": str(book),
            }
        log = self.directory / "plan.jsonl"
        begun = time.time()
        with open(log, "wb") as output:
            command = [TERRAFORM, f"-chdir={self.directory}", "plan", "-detailed-exitcode", "-json"]
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"terraform plan: {process.returncode}\n{log.read_text(errors='replace')[-3000:]}")
        entries = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
        # Terraform's includes that of the processes that it has waited for.
        cpu = usage.ru_utime + usage.ru_stime - sum(entry["cpu"] + entry["overhead"] for entry in entries)
        reads = list(spans(events(log.read_text()), "refresh").values())
        return MeasuredPlan(begun, time.time(), cpu, entries, reads, proxy.take())

    def logged_plan(self, proxy):
        """The RPCs of a plan, as the provider logs them, and the calls meanwhile."""
        log = self.directory / "provider.log"
        proxy.take()
        self.run("plan", AWS_ENDPOINT_URL=proxy.endpoint, TF_LOG_PROVIDER="DEBUG", TF_LOG_PATH=str(log))
        served = [line for line in log.read_text(errors="replace").splitlines() if ": Served request: " in line]
        log.unlink()
        return [Rpc.of(line) for line in served], proxy.take()

    def remove(self):
        shutil.rmtree(self.directory)


@dataclass(frozen=True)
class Rpc:
    """A request that the provider has served; times are those of the wall clock, in seconds."""

    name: str
    begun: float
    ended: float

    @classmethod
    def of(cls, line):
        """Of a line of the provider's log."""
        fields = dict(re.findall(r"(\w+)=(\S+)", line))
        ended = datetime.fromisoformat(fields["timestamp"]).timestamp()
        return cls(fields["tf_rpc"], ended - float(fields["tf_req_duration_ms"]) / 1000, ended)


@dataclass(frozen=True)
class MeasuredPlan:
    """Times are those of the wall clock, CPU time is in seconds."""

    begun: float
    ended: float
    cpu_of_terraform: float
    processes: list
    # When Terraform began and ended to read each resource.
    reads: list
    calls: list

    @property
    def cpu(self):
        """Of the provider, all its processes together."""
        return sum(process["cpu"] for process in self.processes)

    @property
    def memory(self):
        """The most of one process of the provider, in MB."""
        return max(process["memory"] for process in self.processes)


def events(text):
    """The messages of a command that ran with -json."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def moment(event):
    return datetime.fromisoformat(event["@timestamp"]).timestamp()


def spans(events, kind):
    """When Terraform began and ended to do this (refresh, apply) with each resource, by its address."""
    begun, done = {}, {}
    for event in events:
        if event["type"] == f"{kind}_start":
            begun[event["hook"]["resource"]["addr"]] = moment(event)
        elif event["type"] == f"{kind}_complete":
            address = event["hook"]["resource"]["addr"]
            done[address] = (begun[address], moment(event))
    return done


def environment(plugin, endpoint, home, sets):
    """That of an account of its own, so that nobody lists what is another's."""
    account = zlib.crc32(f"{plugin.name} {sets} {endpoint}".encode())
    return aws_environment(endpoint, home) | {"AWS_ACCESS_KEY_ID": f"{account:012}"}
