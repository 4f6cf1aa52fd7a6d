# SPDX-License-Identifier: GPL-3.0-or-later
"""A client in Python, written from the description of the protocol alone: records of 72 and of 112 bytes."""
import os
import socket
import struct
import sys
import time

SMALL = "=BxxxiQBxxxiQQQQQQ"
LARGE = "=BxxxiQBxxxiQQQQQQQQIIIIII"
ALLOC, FREE, QUERY, RESPONSE, DUMP, DEVICE_QUERY, DEVICE_RESPONSE = 1, 2, 3, 4, 5, 6, 7


def record(form, *fields):
    names = 11 if form == SMALL else 19
    return struct.pack(form, *fields, *([0] * (names - len(fields))))


def ask(connection, form, *fields):
    connection.sendall(record(form, *fields))
    answer = b""
    while len(answer) < struct.calcsize(form):
        more = connection.recv(struct.calcsize(form) - len(answer))
        if not more:
            sys.exit("the connection was closed instead of an answer")
        answer += more
    return struct.unpack(form, answer)


def check(is_right, what):
    if not is_right:
        sys.exit("wrong: " + what)


def run(path, form, device):
    assert struct.calcsize(SMALL) == 72 and struct.calcsize(LARGE) == 112
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    pid = os.getpid()
    answer = ask(connection, form, QUERY, device)
    check(answer[0] == RESPONSE and answer[7:11] == (0, 0, 0, 0), "nothing is allocated at first")
    for number in range(1, 101):
        connection.sendall(record(form, ALLOC, device, 1024, number % 4, pid, number, int(time.time() * 1e9)))
    answer = ask(connection, form, QUERY, device)
    check(answer[1] == device, "the device is repeated")
    check(answer[7:11] == (25 * 1024, 25 * 1024, 25 * 1024, 25 * 1024), "sums by memory, not %s" % (answer[7:11],))
    if form == LARGE:
        answer = ask(connection, form, DEVICE_QUERY, -1)
        check(answer[0] == DEVICE_RESPONSE and answer[18] == 4 and answer[17] == 1, "four devices")
        answer = ask(connection, form, DEVICE_QUERY, device)
        check(answer[13] == 3 and answer[17] == 1, "a Blackhole that is available")
        check(answer[11] == 8 * 4278190080 and answer[14] == 8, "its DRAM")
    for number in range(1, 101):
        connection.sendall(record(form, FREE, device, 0, 0, pid, number))
    connection.sendall(record(form, FREE, device, 0, 0, pid, 1))
    answer = ask(connection, form, QUERY, device)
    check(answer[7:11] == (0, 0, 0, 0), "all is freed")
    connection.sendall(record(form, DUMP))
    connection.close()


run(sys.argv[1], SMALL, 0)
run(sys.argv[1], LARGE, 1)
