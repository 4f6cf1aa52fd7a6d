#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses the event lines of a server log with regular expressions, as one would in an afternoon, and counts them.

What scripts/benchmark.sh compares with: parsing alone, one line after the other, numbers converted and nothing kept.
The expressions follow docs/formats/server-log.md, "Event lines".
"""

import re
import sys

ALLOCATION = re.compile(
    rb"\[PID (-?\d+)\] Allocated (\d+) bytes of (\w+) on device (-?\d+) "
    rb"\(buffer_id=(0x[0-9a-f]+|\d+)(?:, ref_count=(\d+))?\)"
)
FREE = re.compile(
    rb"\[PID (-?\d+)\] Freed buffer (0x[0-9a-f]+|\d+)(?: on device (-?\d+))? "
    rb"\((\d+) bytes(?:, FINAL|, ref_count=(\d+) remaining)?\)"
)
REFUSAL = re.compile(
    rb"(?:\[PID (-?\d+)\] |Warning: )Deallocation for (?:unknown|ALREADY FREED) buffer "
    rb"(0x[0-9a-f]+|\d+)(?: on device (-?\d+))?"
)


def number(text):
    """The value of a decimal or hexadecimal number, 0 where there is none."""
    return int(text, 0) if text else 0


def parse(path):
    """The numbers of allocations, accepted frees and refused frees."""
    allocations = frees = refusals = 0
    with open(path, "rb") as log:
        for line in log:
            if match := ALLOCATION.search(line):
                pid, size, memory, device, address, count = match.groups()
                event = (number(pid), number(size), memory, number(device), number(address), number(count))
                allocations += 1
            elif match := FREE.search(line):
                event = tuple(number(group) for group in match.groups())
                frees += 1
            elif match := REFUSAL.search(line):
                event = tuple(number(group) for group in match.groups())
                refusals += 1
    return allocations, frees, refusals


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: parse_with_re.py LOG")
    try:
        print("%d allocations, %d frees, %d refused frees" % parse(sys.argv[1]))
    except OSError as error:
        sys.exit("parse_with_re.py: %s" % error)
