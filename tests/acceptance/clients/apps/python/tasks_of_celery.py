"""Celery with its broker and its results behind one URL, and a worker that stays connected."""

from celery import Celery
from celery.contrib.testing.worker import start_worker


def total(numbers):
    return sum(numbers)


class Connection:
    def __init__(self, url, **options):
        self.app = Celery("session", broker=url, backend=url)
        self.app.conf.update(broker_transport_options=options, result_backend_transport_options=options)
        self.total = self.app.task(name="total")(total)
        self.app.connection_for_write().ensure_connection(max_retries=1)
        # A worker that cannot use its queue ends the process, so the first task comes before it.
        self.total.delay([0])
        self.worker = start_worker(
            self.app, pool="solo", concurrency=1, perform_ping_check=False, shutdown_timeout=60
        )
        self.worker.__enter__()

    def use(self):
        assert self.total.delay([1, 2, 39]).get(timeout=30) == 42
        with self.app.connection_for_write() as connection:
            return connection.default_channel.client.acl_whoami()

    def close(self):
        self.worker.__exit__(None, None, None)


def open_url(mode, url):
    # All keys of one application in one slot, which the single endpoint of a serverless cache serves.
    return Connection(url, **({"global_keyprefix": "{session}"} if mode == "one-slot" else {}))
