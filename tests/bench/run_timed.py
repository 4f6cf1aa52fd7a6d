#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command, with its output into a file that nobody reads, and prints its wall time in seconds and its peak memory in bytes.

The shell has no clock that fine, and GNU time, which knows the memory, is not installed everywhere.
"""

import resource
import subprocess
import sys
import tempfile
import time

if len(sys.argv) < 2:
    sys.exit("usage: run_timed.py COMMAND [ARGUMENT ...]")
# Not /dev/null: grep knows it and stops at the first match.
with tempfile.TemporaryFile() as output:
    begin = time.monotonic()
    try:
        status = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=output, check=False).returncode
    except OSError as error:
        sys.exit("run_timed.py: %s" % error)
    seconds = time.monotonic() - begin
if status != 0:
    sys.exit("run_timed.py: status %d of: %s" % (status, " ".join(sys.argv[1:])))
# Linux counts in KiB.
print("%.4f\t%d" % (seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
