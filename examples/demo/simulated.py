"""Drives `make demo EXAMPLE=…`: takes an example through its life against the simulated AWS.

simulated.py EXAMPLE --simulator PROGRAM   starts that program, and stops it at the end
simulated.py EXAMPLE --endpoint URL        uses a simulated AWS that runs already
"""

import argparse
import json
import re
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import demo
from demo import DemoFailure, Interrupted, Terraform, step, summary_line
from local_aws import LocalAwsError, Program, aws_environment, clean_environment

# Simulated seconds in a real one: what takes AWS ten minutes takes one second.
SCALE = 600

NETWORK = {
    "vpc_id": "vpc-00000001",
    "subnet_ids": ["subnet-00000001", "subnet-00000002"],
    "client_security_group_ids": ["sg-00000001"],
}


@dataclass
class Example:
    """An example: the values of its variables, the applies after the first one, and the values for its end."""

    values: dict
    steps: list = field(default_factory=list)
    end: dict = field(default_factory=dict)


EXAMPLES = {
    "global-datastore": Example(
        {
            "name": "booking",
            "home": NETWORK | {"region": "eu-west-1"},
            "standby": NETWORK | {"region": "us-west-2"},
        },
        [
            ("The failover drill: us-west-2 takes the writes", {"active_region": "us-west-2"}),
            ("And back: eu-west-1 takes them again", {}),
        ],
    ),
    "group-to-serverless": Example(
        NETWORK | {"name": "booking", "recovery_window_in_days": 0},
        [
            ("A snapshot, a serverless cache from it, and the URL follows", {"stage": "switch"}),
            ("Nothing uses the replication group any more", {"stage": "serverless"}),
        ],
        {"stage": "serverless", "deletion_protection": False},
    ),
    "serverless": Example(
        NETWORK | {"name": "booking-api"},
        [("More for an event, in place", {"min_ecpu_per_second": 10000, "max_ecpu_per_second": 100000})],
        {"deletion_protection": False},
    ),
}


def start_simulator(program, directory):
    """The program in the background, and its endpoint."""
    command = [program, "--scale", str(SCALE)]
    simulator = Program.start("simulator", command, directory, clean_environment(directory))

    def endpoint():
        said = re.search(r"^export AWS_ENDPOINT_URL=(\S+)$", simulator.log.read_text(), re.MULTILINE)
        return said and said[1]

    simulator.wait_until(endpoint)
    return simulator, endpoint()


def apply(terraform, text, values):
    """Plans and applies these values, and takes in what changed in another Region meanwhile."""
    variables = demo.STACK / "demo.auto.tfvars.json"
    variables.write_text(json.dumps(values, indent=2))
    with step(text) as this:
        _, plan = terraform("plan", "plan", "-no-color", "-out=demo.tfplan")
        terraform("apply", "apply", "-no-color", "demo.tfplan")
        this.note = summary_line(plan, "Plan:")
    with step("terraform plan again: nothing to do"):
        terraform("refresh", "apply", "-no-color", "-auto-approve")
        terraform.expect_empty_plan([])


def destroy(terraform, example):
    if example.end:
        apply(terraform, "Lift the protection", common(example) | example.end)
    with step("terraform destroy") as this:
        _, text = terraform("destroy", "destroy", "-no-color", "-auto-approve")
        this.note = summary_line(text, "Destroy complete!")


def common(example):
    return example.values | {"environment": "demo"}


def run(name, endpoint):
    example = EXAMPLES[name]
    terraform = Terraform(demo.find_terraform(), demo.terraform_environment(aws_environment(endpoint, demo.RUN)))
    with step("terraform init, with the provider from the local mirror") as this:
        terraform("init", "init", "-no-color")
        this.note = terraform.version()
    apply(terraform, f"terraform apply of examples/{name}", common(example))
    for text, values in example.steps:
        apply(terraform, text, common(example) | values)
    destroy(terraform, example)


def prepare(name, directory, mirror):
    demo.use_directory(directory, mirror)
    shutil.rmtree(directory, ignore_errors=True)
    demo.LOGS.mkdir(parents=True)
    demo.write_cli_config()
    shutil.copytree(demo.ROOT / "examples" / name, demo.STACK, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("example", choices=sorted(EXAMPLES))
    parser.add_argument("--mirror", type=Path, default=demo.MIRROR, help="mirror that has the provider")
    parser.add_argument("--directory", type=Path, help="where Terraform works")
    aws = parser.add_mutually_exclusive_group(required=True)
    aws.add_argument("--simulator", type=Path, help="program of the simulated AWS")
    aws.add_argument("--endpoint", help="endpoint of a simulated AWS that runs already")
    arguments = parser.parse_args()
    name = arguments.example

    demo.handle_signals()
    started = time.monotonic()
    simulator = None
    try:
        prepare(name, arguments.directory or demo.ROOT / "target" / "demo" / name, arguments.mirror.resolve())
        print(f"The example {name}, in a directory of its own and with nothing of your AWS settings:")
        endpoint = arguments.endpoint
        if arguments.simulator:
            with step("Start the simulated AWS") as this:
                simulator, endpoint = start_simulator(arguments.simulator.resolve(), demo.LOGS)
                this.note = f"{endpoint}, with {SCALE} of its seconds in one"
        run(name, endpoint)
        print(f"The demo has passed, in {time.monotonic() - started:.0f} s.")
    except (DemoFailure, LocalAwsError) as failure:
        demo.report(failure)
        return 1
    except Interrupted:
        print("\nThe demo was interrupted.", file=sys.stderr)
        return 130
    finally:
        if simulator:
            simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
