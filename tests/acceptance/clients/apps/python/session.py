"""Sessions of one client library: session.py MODULE [ARGUMENT].

Each line of standard input is a request of words separated by tabs, and gets one line as its answer, `ok` with the
user whom the server names, or `error` with the message:

    open NAME MODE URL                                 connects with a URL; MODE is `single` or `cluster`
    secret NAME MODE HOST PORT TLS USERNAME PASSWORD   connects with the values of a connection secret
    use NAME                                           uses the open connection again, as an application does
    close NAME

The sessions of the other languages in this folder read the same requests. Here each connection has a process of its
own, because Celery, Dramatiq and Django have one configuration in each process.
"""

import importlib
import multiprocessing
import sys


def serve(pipe, connect, request):
    """Runs in the process of a connection: answers the request that opens it, and those that follow."""
    connection = None
    while request:
        try:
            connection = connection or connect(*request)
            pipe.send(f"ok\t{connection.use()}")
        except Exception as error:  # noqa: BLE001
            text = " ".join(f"{type(error).__name__}: {error}".split())
            pipe.send(f"error\t{text}")
            if connection is None:
                return
        request = pipe.recv()
    connection.close()
    pipe.send("ok")


def main():
    module = importlib.import_module(sys.argv[1])
    context = multiprocessing.get_context("fork")
    open_pipes = {}
    for line in sys.stdin:
        verb, name, *words = line.rstrip("\n").split("\t")
        if verb in ("open", "secret"):
            ours, theirs = context.Pipe()
            connect = module.open_url if verb == "open" else module.open_secret
            request = (*sys.argv[2:], *words)
            context.Process(target=serve, args=(theirs, connect, request), daemon=True).start()
            theirs.close()
            open_pipes[name] = ours
        try:
            if verb not in ("open", "secret"):
                open_pipes[name].send(verb == "use")
            answer = open_pipes[name].recv()
        except (EOFError, OSError):
            answer = "error\tthe process of the connection ended"
        print(answer, flush=True)


if __name__ == "__main__":
    main()
