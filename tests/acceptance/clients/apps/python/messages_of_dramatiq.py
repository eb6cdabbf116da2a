"""Dramatiq with its broker and its results behind one URL, and a worker that stays connected."""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend


class Connection:
    def __init__(self, namespace="dramatiq", **parameters):
        self.broker = RedisBroker(namespace=namespace, **parameters)
        self.broker.client.ping()
        backend = RedisBackend(namespace=f"{namespace}-results", **parameters)
        self.broker.add_middleware(Results(backend=backend))
        dramatiq.set_broker(self.broker)
        self.greet = dramatiq.actor(store_results=True, actor_name="greet")(lambda name: f"hello {name}")
        self.worker = dramatiq.Worker(self.broker, worker_threads=1, worker_timeout=100)
        self.worker.start()

    def use(self):
        result = self.greet.send("booking").get_result(block=True, timeout=30_000)
        assert result == "hello booking"
        return self.broker.client.acl_whoami()

    def close(self):
        self.worker.stop()


def open_url(mode, url):
    return Connection(url=url, **({"namespace": "{session}"} if mode == "one-slot" else {}))


def open_secret(mode, host, port, tls, username, password):
    parameters = {"host": host, "port": int(port), "ssl": tls == "true"}
    return Connection(**parameters, username=username or None, password=password or None)
