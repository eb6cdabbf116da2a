"""A Celery with broker and results in CELERY_BROKER_URL: sends a task, runs it, and gets the result."""

import json
import os

from celery import Celery
from celery.contrib.testing.worker import start_worker

url = os.environ["CELERY_BROKER_URL"]
app = Celery("reports", broker=url, backend=url)


@app.task
def total(numbers):
    return sum(numbers)


if __name__ == "__main__":
    sent = total.delay([1, 2, 39])
    queued = app.connection().default_channel.client.llen("celery")
    with start_worker(app, pool="solo", concurrency=1, perform_ping_check=False, shutdown_timeout=60):
        result = sent.get(timeout=60)
    print(json.dumps({"queued": queued, "result": result, "id": sent.id}))
