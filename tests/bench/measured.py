#!/usr/bin/env python3
"""Stands in for the provider: runs it and notes what it took of the machine.

MEASURED_PROGRAM is the provider, MEASURED_BOOK the file that gets a line per process.
"""

import json
import os
import signal
import subprocess
import sys
import time

begun = time.time()
# The end is the provider's own affair; this only has to outlive it.
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
process = subprocess.Popen([os.environ["MEASURED_PROGRAM"], *sys.argv[1:]])
_, status, usage = os.wait4(process.pid, 0)
# Kilobytes, but bytes on macOS.
memory = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
own = os.times()
entry = {
    "cpu": usage.ru_utime + usage.ru_stime,
    "memory": memory,
    "begun": begun,
    "ended": time.time(),
    # Of this script: no part of what is measured.
    "overhead": own.user + own.system,
}
with open(os.environ["MEASURED_BOOK"], "a") as book:
    book.write(json.dumps(entry) + "\n")
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
