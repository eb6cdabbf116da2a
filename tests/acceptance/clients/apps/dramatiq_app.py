"""A Dramatiq with its Redis broker and its results in REDIS_URL: sends a message and has it worked on."""

import json
import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

url = os.environ["REDIS_URL"]
broker = RedisBroker(url=url)
broker.add_middleware(Results(backend=RedisBackend(url=url)))
dramatiq.set_broker(broker)


@dramatiq.actor(store_results=True)
def greet(name):
    return f"hello {name}"


if __name__ == "__main__":
    message = greet.send("booking")
    queued = broker.client.llen("dramatiq:default")
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    result = message.get_result(block=True, timeout=60_000)
    worker.stop()
    print(json.dumps({"queued": queued, "result": result}))
