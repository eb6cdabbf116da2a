"""redis-py, or valkey-py, which has the same functions under other names."""

import redis
import valkey

CLASSES = {
    "redis": (redis.Redis, redis.RedisCluster),
    "valkey": (valkey.Valkey, valkey.ValkeyCluster),
}


class Connection:
    def __init__(self, client):
        self.client = client

    def use(self):
        # In cluster mode these keys are in slots of all shards.
        for number in range(16):
            self.client.set(f"key-{number}", str(number))
            assert self.client.get(f"key-{number}") == str(number)
        return self.client.acl_whoami()

    def close(self):
        self.client.close()


def open_url(library, mode, url):
    single, cluster = CLASSES[library]
    kind = cluster if mode == "cluster" else single
    return Connection(kind.from_url(url, decode_responses=True))


def open_secret(library, mode, host, port, tls, username, password):
    single, cluster = CLASSES[library]
    kind = cluster if mode == "cluster" else single
    client = kind(
        host=host,
        port=int(port),
        ssl=tls == "true",
        username=username or None,
        password=password or None,
        decode_responses=True,
    )
    return Connection(client)
