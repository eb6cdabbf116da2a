"""Workspaces of Terraform: timed, with the provider's use of the machine, and with its calls."""

import collections
import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import configurations
from local_aws import clean_environment

TERRAFORM = os.environ.get("TERRAFORM", "terraform")
WRAPPER = Path(__file__).resolve().parent / "measured.py"
# One line per request in the debug log: ours, and that of the AWS SDK for Go.
OUR_CALL = re.compile(r'"@message":"AWS answered\.".*?"operation":"(\w+)"|"operation":"(\w+)".*?"@message":"AWS answered\."')
PEER_CALL = re.compile(r'rpc\.method=(\w+)|"rpc\.method":"(\w+)"')


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
        return cls("hashicorp/aws", source, "terraform-provider-aws", binary.resolve(), configurations.PEER_ROOT, configurations.PEER)


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
        directory = home / f"{plugin.name.replace('/', '-')}-{sets}"
        stack = cls(plugin, directory, configurations.sets(plugin.root, plugin.text, sets), {})
        stack.environment = clean_environment(home) | environment | {"TF_CLI_CONFIG_FILE": str(stack.use(plugin.binary))}
        stack.run("get")
        return stack

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

    def usage_of_plan(self):
        """CPU seconds of the provider in a plan, all its processes together, and the most memory of one in MB."""
        book = self.directory / "usage.json"
        book.unlink(missing_ok=True)
        self.run(
            "plan", "-detailed-exitcode",
            TF_CLI_CONFIG_FILE=str(self.use(WRAPPER)),
            MEASURED_PROGRAM=str(self.plugin.binary),
            MEASURED_BOOK=str(book),
        )  # fmt: skip
        entries = [json.loads(line) for line in book.read_text().splitlines()]
        return sum(entry["cpu"] for entry in entries), max(entry["memory"] for entry in entries)

    def calls_of_plan(self):
        """How often the provider asked AWS in a plan, by operation."""
        log = self.directory / "plan.log"
        log.unlink(missing_ok=True)
        self.run("plan", "-detailed-exitcode", TF_LOG="JSON", TF_LOG_PROVIDER="DEBUG", TF_LOG_PATH=str(log))
        counted = collections.Counter()
        pattern = OUR_CALL if self.plugin.name == "elasticache" else PEER_CALL
        for line in log.read_text(errors="replace").splitlines():
            if self.plugin.name != "elasticache" and "HTTP Request Sent" not in line:
                continue
            found = pattern.search(line)
            if found:
                counted[found.group(1) or found.group(2)] += 1
        return counted

    def remove(self):
        shutil.rmtree(self.directory)
