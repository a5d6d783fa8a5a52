"""Runs one command and prints what it cost, as one line of JSON.

usage: measure.py OUT ERR CWD COMMAND [ARGUMENT ...]

The operating system's own accounting of the finished child and of all that it waited for: microseconds of CPU, and the
peak memory of the largest single process. Nothing of the launcher is in the figures, except that a peak cannot read
below the launcher's own (about 10 MiB).
"""
import json
import os
import subprocess
import sys
import time

out, err, cwd, *command = sys.argv[1:]
with open(out, "wb") as stdout, open(err, "wb") as stderr:
    start = time.monotonic_ns()
    child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic_ns() - start
print(json.dumps({
    "exitCode": os.waitstatus_to_exitcode(status),
    "wallSeconds": wall / 1e9,
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "peakMiB": usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
    "writtenMiB": usage.ru_oublock * 512 / (1 << 20),
}))
