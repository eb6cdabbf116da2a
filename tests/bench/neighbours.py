"""A simulated AWS with many replication groups of others in it."""

import contextlib
import http.client
import urllib.parse

from local_aws import HOST, Program, aws_environment, clean_environment, free_ports

ACCOUNT = "123456789012"
VERSION = "2015-02-02"


def environment(endpoint, home):
    return aws_environment(endpoint, home) | {"AWS_ACCESS_KEY_ID": ACCOUNT}


@contextlib.contextmanager
def simulator(binary, home):
    (port,) = free_ports(1)
    # A second of ours is ten of its hours: nothing has to be waited for.
    command = [binary.resolve(), "--port", port, "--scale", 36000]
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


def create(endpoint, count):
    """Groups whose names come before those of the benchmark, so that listings begin with them."""
    address = urllib.parse.urlsplit(endpoint)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    scope = f"{ACCOUNT}/20260101/eu-west-1/elasticache/aws4_request"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    for number in range(count):
        form = {
            "Action": "CreateReplicationGroup",
            "Version": VERSION,
            "ReplicationGroupId": f"a-foreign-{number:05}",
            "ReplicationGroupDescription": "somebody else's",
            "CacheNodeType": "cache.t4g.micro",
            "Engine": "valkey",
            "NumCacheClusters": "1",
        }
        connection.request("POST", "/", urllib.parse.urlencode(form), headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"CreateReplicationGroup: {answer.status} {text[:500]!r}")
    connection.close()
