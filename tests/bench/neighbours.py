"""A simulated AWS with many replication groups of others in it."""

import contextlib
import http.client
import urllib.parse

from local_aws import HOST, REGION, Program, aws_environment, clean_environment, free_ports

ACCOUNT = "123456789012"
VERSION = "2015-02-02"
# An account with thousands of groups has asked AWS for this; 150 are what it begins with.
QUOTA = 10_000


def environment(endpoint, home):
    return aws_environment(endpoint, home) | {"AWS_ACCESS_KEY_ID": ACCOUNT}


@contextlib.contextmanager
def simulator(binary, home, scale=36000):
    """Its endpoint. A second of ours is so many of its own: ten hours, so that nothing has to be waited for."""
    (port,) = free_ports(1)
    command = [binary.resolve(), "--port", port, "--scale", scale, "--groups", QUOTA]
    program = Program.start("simulator", command, home, clean_environment(home))
    try:
        program.wait_until(lambda: _listens(port))
        yield f"http://{HOST}:{port}"
    finally:
        program.stop()


def _listens(port):
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.connect()
        return True
    except OSError:
        return False
    finally:
        connection.close()


def call(connection, form):
    """The body of the answer to a call of ElastiCache."""
    scope = f"{ACCOUNT}/20260101/{REGION}/elasticache/aws4_request"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    connection.request("POST", "/", urllib.parse.urlencode(form | {"Version": VERSION}), headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{form['Action']}: {answer.status} {text[:500]!r}")
    return text


def create(endpoint, count):
    """Groups whose names come before those of the benchmark, so that listings begin with them."""
    address = urllib.parse.urlsplit(endpoint)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    for number in range(count):
        form = {
            "Action": "CreateReplicationGroup",
            "ReplicationGroupId": f"a-foreign-{number:05}",
            "ReplicationGroupDescription": "somebody else's",
            "CacheNodeType": "cache.t4g.micro",
            "Engine": "valkey",
            "NumCacheClusters": "2",
            "TransitEncryptionEnabled": "true",
        }
        call(connection, form)
    connection.close()
