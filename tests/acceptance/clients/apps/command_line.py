"""A command line for Valkey and Redis: command_line.py -u URL [-u URL ...] COMMAND [ARGUMENT ...]

Runs one command on each server and prints the replies, as `redis-cli -u URL COMMAND` does. The client is
coredis, which shares no code with redis-py. An error is printed to standard error; the exit code is then 1.
"""

import argparse
import asyncio
import sys

import coredis


async def run(url, command):
    client = coredis.Redis.from_url(url, decode_components=True, decode_responses=True, stream_timeout=10)
    async with client, client.connection_pool.acquire() as connection:
        return await connection.create_request(*(word.encode() for word in command))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-u", dest="urls", metavar="URL", action="append", required=True)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    try:
        for url in arguments.urls:
            print(asyncio.run(run(url, arguments.command)))
    except* (coredis.exceptions.RedisError, OSError) as errors:
        sys.exit("\n".join(str(error) for error in leaves(errors)))


def leaves(error):
    """The errors in a group of errors, which coredis raises from its task group."""
    nested = error.exceptions if isinstance(error, ExceptionGroup) else ()
    return [leaf for inner in nested for leaf in leaves(inner)] or [error]


if __name__ == "__main__":
    main()
