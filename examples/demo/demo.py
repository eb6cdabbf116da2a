"""Drives `make demo`: applies a real module with the provider against a local AWS.

demo.py check          fails if a demo is running
demo.py run [--keep]   the demo; --keep leaves it running to play with
demo.py stop           ends a demo that was kept
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "local_aws"))

from local_aws import (  # noqa: E402
    LocalAwsError,
    Ministack,
    Valkey,
    aws_environment,
    clean_environment,
    command_of,
    stop_process,
)

VENV = ROOT / "target" / "venv"
MIRROR = ROOT / "target" / "demo" / "mirror"
RUN = ROOT / "target" / "demo" / "run"
LOGS = RUN / "logs"
STACK = RUN / "stack" / "demo"
RECORD = RUN / "processes.json"
ENVIRONMENT_FILE = RUN / "env.sh"
CLI_CONFIG = RUN / "terraform.rc"

SOURCE = "elasticache-rs/elasticache"
PARAMETER = "/backend-booking/dev/redis/url"
COMMAND_SECONDS = 300
INTERRUPT_SECONDS = 20

GET_TERRAFORM = """\
Get it: https://developer.hashicorp.com/terraform/install
or OpenTofu: https://opentofu.org/docs/intro/install/
TERRAFORM=/path/to/it make demo uses one that is not on the PATH."""


class DemoFailure(Exception):
    """What went wrong, the words of the program that failed, and what to do about it."""

    def __init__(self, message, output="", advice=""):
        super().__init__(message)
        self.output = output
        self.advice = advice


class Interrupted(Exception):
    """Ctrl-C, or a request to end."""


# Telling the user


class Step:
    note = ""


@contextmanager
def step(text):
    """One line: what is being done, how long it took, and what came of it."""
    print(f"  {text} ", end="", flush=True)
    started = time.monotonic()
    this = Step()
    outcome = "failed after"
    try:
        yield this
        outcome = "done in"
    except Interrupted:
        outcome = "interrupted after"
        raise
    finally:
        seconds = time.monotonic() - started
        note = f": {this.note}" if this.note else ""
        print(f"... {outcome} {seconds:.1f} s{note}", flush=True)


def shown(path):
    """A path as the user would type it from the top of the clone."""
    return os.path.relpath(path, ROOT)


# Commands


def run_command(name, command, directory, environment, accepted=(0,)):
    """Runs to the end, with all output in a log; gives the exit code and the output.

    The command has a session of its own, so Ctrl-C reaches only this program, which
    passes on one interrupt: Terraform gives up at the second.
    """
    log = LOGS / f"{name}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            interrupt(process)
            code = None
        except Interrupted:
            interrupt(process)
            raise
    text = log.read_text(errors="replace")
    if code not in accepted:
        raise command_failed(command, code, text, log)
    return code, text


def interrupt(process):
    process.send_signal(signal.SIGINT)
    try:
        process.wait(INTERRUPT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def command_failed(command, code, text, log):
    what = " ".join([Path(command[0]).name, *(str(part) for part in command[1:3])])
    ending = f"had not ended after {COMMAND_SECONDS} s" if code is None else f"ended with exit code {code}"
    return DemoFailure(
        f"{what} {ending}.",
        "\n".join(text.splitlines()[-60:]),
        f"All of its output is in {shown(log)}; TF_LOG=debug make demo writes more there.",
    )


# Terraform


def find_terraform():
    wanted = os.environ.get("TERRAFORM")
    for name in [wanted] if wanted else ["terraform", "tofu"]:
        found = shutil.which(name)
        if found:
            return os.path.abspath(found)
    missing = f"There is no command {wanted}." if wanted else "There is neither terraform nor tofu on the PATH."
    raise DemoFailure(missing, advice=GET_TERRAFORM)


@dataclass
class Terraform:
    binary: str
    environment: dict

    def __call__(self, name, *arguments, accepted=(0,)):
        return run_command(name, [self.binary, *arguments], STACK, self.environment, accepted)

    def version(self):
        _, text = self("version", "version")
        return text.splitlines()[0]

    def expect_empty_plan(self, variables):
        code, text = self("second plan", "plan", *variables, "-no-color", "-detailed-exitcode", accepted=(0, 2))
        if code == 2:
            raise changes_found("The second plan", text)

    def expect_no_drift(self, variables):
        """Looks into the plan: with -refresh-only, Terraform 1.11 may exit with 2 and have found nothing.

        It then compares numbers by their precision and sensitive attributes by a random order
        (hashicorp/terraform issues 36403 and 37406).
        """
        self("refresh-only plan", "plan", "-refresh-only", *variables, "-no-color", "-out=refresh.tfplan")
        _, text = self("refresh-only plan as json", "show", "-json", "refresh.tfplan")
        plan = json.loads(text)
        drifted = [change["address"] for change in plan.get("resource_drift", [])]
        changed = [
            f"output {name}"
            for name, change in plan.get("output_changes", {}).items()
            if change["actions"] != ["no-op"]
        ]
        if drifted or changed:
            raise changes_found("The refresh-only plan", "\n".join(drifted + changed))


def changes_found(plan, text):
    return DemoFailure(
        f"{plan} should find nothing to do, but it found changes.",
        text,
        "The provider or the module is at fault: please report it with the output above.",
    )


def terraform_environment(aws):
    logging = {name: value for name, value in os.environ.items() if name.startswith("TF_LOG")}
    return (
        clean_environment(RUN)
        | logging
        | aws
        | {
            "TF_CLI_CONFIG_FILE": str(CLI_CONFIG),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
        }
    )


def write_cli_config():
    """Only the mirror that make has filled: nothing is asked of a registry."""
    CLI_CONFIG.write_text(
        f"""\
disable_checkpoint = true

provider_installation {{
  filesystem_mirror {{
    path    = {json.dumps(str(MIRROR))}
    include = ["{SOURCE}"]
  }}
}}
"""
    )


def use_directory(directory, mirror):
    """Works in another directory, and with another mirror, than `make demo` alone does."""
    global RUN, LOGS, STACK, RECORD, ENVIRONMENT_FILE, CLI_CONFIG, MIRROR
    RUN, MIRROR = directory.resolve(), mirror
    LOGS = RUN / "logs"
    STACK = RUN / "stack" / "demo"
    RECORD = RUN / "processes.json"
    ENVIRONMENT_FILE = RUN / "env.sh"
    CLI_CONFIG = RUN / "terraform.rc"


def copy_stack():
    """Terraform writes beside its configuration, so it works on a copy and the clone stays clean."""
    shutil.copytree(ROOT / "examples" / "modules", STACK.parent / "modules")
    STACK.mkdir()
    shutil.copy(ROOT / "examples" / "demo" / "main.tf", STACK)


# Questions to AWS, asked by Python programs in the virtual environment


def ask_python(name, script, argument, aws):
    python = VENV / "bin" / "python"
    _, text = run_command(name, [python, script, argument], RUN, clean_environment(RUN) | aws)
    return text.strip()


def ask_account(question, aws):
    return json.loads(ask_python(question, ROOT / "examples" / "demo" / "account.py", question, aws))


def ask_application(aws):
    return ask_python("application", ROOT / "examples" / "demo" / "app.py", PARAMETER, aws)


# What runs in the background


def alive(record):
    """The programs of a record that still run; their commands name this clone's files."""
    return [pid for pid in record["programs"] if str(ROOT / "target") in command_of(pid)]


def read_record():
    try:
        return json.loads(RECORD.read_text())
    except FileNotFoundError:
        return {"driver": 0, "kept": False, "programs": []}


def write_record(programs, kept=False):
    pids = [program.process.pid for program in programs]
    RECORD.write_text(json.dumps({"driver": os.getpid(), "kept": kept, "programs": pids}))


def driver_runs(record):
    return "demo.py run" in command_of(record["driver"])


def refuse_second_demo():
    record = read_record()
    if record["kept"] and alive(record):
        raise DemoFailure("A demo that KEEP=1 left behind is still running.", advice="Stop it with: make demo-stop")
    if driver_runs(record):
        raise DemoFailure("Another make demo is running in this clone.", advice="Wait for its end.")


def stop_recorded():
    """Ends what a record names; an earlier demo may have been killed before it could."""
    return [pid for pid in read_record()["programs"] if stop_process(pid, str(ROOT / "target"))]


# The demo


def start_local_aws(programs):
    valkey = Valkey(VENV, LOGS)
    with step("Start a Valkey server, which answers for the cache") as this:
        programs.append(valkey.start())
        write_record(programs)
        programs[-1].wait_until(valkey.is_ready)
        this.note = f"127.0.0.1:{valkey.port}"
    ministack = Ministack(VENV, LOGS, valkey.port)
    with step("Start a local AWS, ministack") as this:
        programs.append(ministack.start())
        write_record(programs)
        programs[-1].wait_until(ministack.is_ready)
        this.note = ministack.endpoint
    return ministack.endpoint


def create(terraform, network):
    with step("terraform init, with the provider from the local mirror") as this:
        terraform("init", "init", "-no-color")
        this.note = terraform.version()
    variables = [f"-var={name}={as_argument(value)}" for name, value in network.items()]
    with step("terraform plan of examples/modules/redis-simple") as this:
        _, text = terraform("plan", "plan", "-no-color", "-out=demo.tfplan", *variables)
        this.note = summary_line(text, "Plan:")
    with step("terraform apply") as this:
        _, text = terraform("apply", "apply", "-no-color", "demo.tfplan")
        this.note = summary_line(text, "Apply complete!")
    return variables


def as_argument(value):
    return value if isinstance(value, str) else json.dumps(value)


def summary_line(text, start):
    return next((line.strip() for line in text.splitlines() if line.startswith(start)), "")


def use(aws):
    with step(f"An application reads its URL from {PARAMETER}, connects, SET, GET") as this:
        this.note = ask_application(aws)


def expect_no_changes(terraform, variables):
    with step("terraform plan again: nothing to do"):
        terraform.expect_empty_plan(variables)
    with step("terraform plan -refresh-only: nothing has drifted"):
        terraform.expect_no_drift(variables)


def destroy(terraform, variables, aws):
    with step("terraform destroy") as this:
        _, text = terraform("destroy", "destroy", "-no-color", "-auto-approve", *variables)
        this.note = summary_line(text, "Destroy complete!")
    with step("Ask AWS what is left") as this:
        left = ask_account("leftovers", aws)
        if left:
            raise DemoFailure("Destroy has left something behind.", json.dumps(left, indent=2))
        this.note = "nothing"


def run(keep):
    refuse_second_demo()
    binary = find_terraform()
    stop_recorded()
    shutil.rmtree(RUN, ignore_errors=True)
    LOGS.mkdir(parents=True)
    write_cli_config()
    copy_stack()

    programs = []
    kept = False
    started = time.monotonic()
    try:
        print("The demo, in a directory of its own and with nothing of your AWS settings:")
        aws = aws_environment(start_local_aws(programs), RUN)
        with step("Ask the local AWS for its default VPC, subnets and security group") as this:
            network = ask_account("network", aws)
            this.note = network["vpc_id"]
        terraform = Terraform(binary, terraform_environment(aws))
        variables = create(terraform, network)
        use(aws)
        expect_no_changes(terraform, variables)
        if keep:
            write_record(programs, kept=True)
            kept = True
            tell_how_to_play(binary, aws, network)
        else:
            destroy(terraform, variables, aws)
    finally:
        if not kept:
            stop_all(programs)
    if not kept:
        print(f"The demo has passed, in {time.monotonic() - started:.0f} s.")


def stop_all(programs):
    ignore_signals()
    with step("Stop the local AWS and Valkey"):
        for program in reversed(programs):
            program.stop()
        RECORD.unlink(missing_ok=True)


def tell_how_to_play(binary, aws, network):
    """Writes the environment to a file, since it is too long to type, and says what to try."""
    variables = {f"TF_VAR_{name}": as_argument(value) for name, value in network.items()}
    exported = aws | {"TF_CLI_CONFIG_FILE": str(CLI_CONFIG)} | variables
    lines = ["unset AWS_PROFILE AWS_SESSION_TOKEN AWS_CA_BUNDLE HTTP_PROXY http_proxy"]
    lines += [f"export {name}='{value}'" for name, value in exported.items()]
    ENVIRONMENT_FILE.write_text("\n".join(lines) + "\n")

    name = Path(binary).name
    print("\nThe demo is left running. Its environment, in", f"{shown(ENVIRONMENT_FILE)}:\n")
    print("\n".join(f"    {line}" for line in lines))
    print(
        f"""
Try, for example:

    . {shown(ENVIRONMENT_FILE)}
    {shown(VENV)}/bin/python examples/demo/app.py {PARAMETER}
    cd {shown(STACK)}
    {name} output redis_url
    {name} state list
    # change main.tf there, then
    {name} plan
    {name} apply

End it with: make demo-stop"""
    )


def check():
    if sys.platform == "win32":
        raise DemoFailure("The demo runs on Linux and macOS.", advice="On Windows, run it in WSL.")
    refuse_second_demo()


def stop():
    record = read_record()
    if driver_runs(record):
        raise DemoFailure("A make demo is running in this clone.", advice="It ends by itself, or with Ctrl-C there.")
    stopped = stop_recorded()
    RECORD.unlink(missing_ok=True)
    print("The demo is stopped." if stopped else "No demo is running.")


# Signals and the command line


def raise_interrupted(_number, _frame):
    # What follows is tidying up; a second Ctrl-C must not cut it short.
    ignore_signals()
    raise Interrupted


def handle_signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_interrupted)


def ignore_signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def report(failure):
    print(f"\nThe demo has failed: {failure}", file=sys.stderr)
    if failure.output:
        print(f"\n{failure.output}", file=sys.stderr)
    advice = getattr(failure, "advice", "")
    if advice:
        print(f"\n{advice}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check")
    commands.add_parser("run").add_argument("--keep", action="store_true")
    commands.add_parser("stop")
    arguments = parser.parse_args()

    handle_signals()
    try:
        if arguments.command == "run":
            run(arguments.keep)
        elif arguments.command == "check":
            check()
        else:
            stop()
    except (DemoFailure, LocalAwsError) as failure:
        report(failure)
        return 1
    except Interrupted:
        print("\nThe demo was interrupted; nothing of it is running.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
