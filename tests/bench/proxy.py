"""A proxy on loopback before a local AWS: counts the calls, makes each take longer, and refuses those
that come faster than AWS takes them.
"""

import asyncio
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass

from local_aws import HOST

SCOPE = re.compile(rb"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request")
CBOR_PATH = re.compile(rb"/service/\w+/operation/(\w+)")
START_SECONDS = 10


@dataclass(frozen=True)
class Call:
    """One request and its answer; the times are those of the wall clock."""

    service: str
    operation: str
    begun: float
    ended: float
    refused: bool


class Bucket:
    """A second's worth of calls at once, and then as many in a second."""

    def __init__(self, per_second):
        self.per_second = per_second
        self.tokens = per_second
        self.filled = time.monotonic()

    def admits(self):
        now = time.monotonic()
        self.tokens = min(self.per_second, self.tokens + (now - self.filled) * self.per_second)
        self.filled = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Proxy:
    """Runs in a thread while in its `with` block."""

    def __init__(self, endpoint, latency=0.0, rates=()):
        address = urllib.parse.urlsplit(endpoint)
        self.upstream = (address.hostname, address.port)
        self.latency = latency
        self.buckets = {}
        for rate in rates:
            bucket = Bucket(rate.per_second)
            self.buckets |= {(rate.service, operation): bucket for operation in rate.operations}
        self.calls = []
        self.ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        if not self.ready.wait(START_SECONDS):
            raise SystemExit("The proxy of the benchmark did not start.")
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.thread.join()

    def take(self):
        """The calls since the last time."""
        calls, self.calls = self.calls, []
        return calls

    def _run(self):
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self):
        self.stopped = asyncio.Event()
        self.tasks = set()
        server = await asyncio.start_server(self._accept, HOST, 0)
        self.endpoint = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
        self.ready.set()
        await self.stopped.wait()
        server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _accept(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        upstream = None
        try:
            kept = True
            while kept:
                head = await reader.readuntil(b"\r\n\r\n")
                # The local AWS closes what was idle for a while; the client need not notice.
                if upstream is None or upstream[0].at_eof():
                    upstream = await asyncio.open_connection(*self.upstream)
                kept = await self._answer(head, reader, writer, upstream)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # Either side has closed its connection, or the benchmark has ended.
            pass
        finally:
            self.tasks.discard(task)
            writer.close()
            if upstream:
                upstream[1].close()

    async def _answer(self, head, reader, writer, upstream):
        """Answers one request; whether another may follow on the connection."""
        begun = time.time()
        request = head + await _body(reader, head, b"")
        service, operation, wire = _named(request)
        await asyncio.sleep(self.latency)
        bucket = self.buckets.get((service, operation))
        refused = bucket is not None and not bucket.admits()
        if refused:
            answer, kept = _refusal(service, wire), True
        else:
            answer, kept = await _forward(request, *upstream)
        # Before it is written: who has read the answer may ask for the calls.
        self.calls.append(Call(service, operation, begun, time.time(), refused))
        writer.write(answer)
        await writer.drain()
        return kept


async def _forward(request, reader, writer):
    writer.write(request)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    status = head.split(b" ", 2)[1]
    bodiless = status in (b"204", b"304") or request.startswith(b"HEAD ")
    body = b"" if bodiless else await _body(reader, head, None)
    if body is None:
        return head + await reader.read(), False
    return head + body, _header(head, b"connection").lower() != b"close"


async def _body(reader, head, without):
    """The body as it is on the wire; `without` for a head that does not say how long it is."""
    length = _header(head, b"content-length")
    if length:
        return await reader.readexactly(int(length))
    if _header(head, b"transfer-encoding").lower() != b"chunked":
        return without
    body = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        body += line + await reader.readexactly(size + 2)
        if size == 0:
            return body


def _header(head, name):
    found = re.search(rb"\r\n" + name + rb":[ \t]*([^\r\n]*)", head, re.IGNORECASE)
    return found.group(1).strip() if found else b""


def _named(request):
    """The service, the operation, and how both sides write: as CBOR, as JSON, or as a query."""
    head, _, body = request.partition(b"\r\n\r\n")
    scope = SCOPE.search(head)
    service = scope.group(1).decode() if scope else ""
    path = CBOR_PATH.search(head.split(b"\r\n", 1)[0])
    if path:
        return service, path.group(1).decode(), "cbor"
    target = _header(head, b"x-amz-target")
    if target:
        return service, target.rpartition(b".")[2].decode(), "json"
    form = urllib.parse.parse_qs(body.decode(errors="replace"))
    return service, form.get("Action", [""])[0], "query"


def _refusal(service, wire):
    """AWS's refusal of a call as one too many, in the three forms of its protocols."""
    if wire == "cbor":
        kind, more = "application/cbor", "smithy-protocol: rpc-v2-cbor\r\n"
        texts = (b"__type", b"ThrottlingException", b"message", b"Rate exceeded")
        # A map of two texts to texts, each shorter than 24 bytes.
        body = b"\xa2" + b"".join(bytes([0x60 + len(text)]) + text for text in texts)
    elif wire == "json":
        kind, more = "application/x-amz-json-1.1", ""
        # The tagging API's model has a code of its own.
        code = b"ThrottledException" if service == "tagging" else b"ThrottlingException"
        body = b'{"__type":"' + code + b'","message":"Rate exceeded"}'
    else:
        kind, more = "text/xml", ""
        body = (
            b"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message>"
            b"</Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>"
        )
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
