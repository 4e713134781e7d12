"""Many communities in one process: what one costs before anyone comes, and the first page of one."""

import os
import shutil
import statistics
import subprocess
import time

import servers
from measuring import Server

COUNT = 1000
OPENED = 50


def made(folder):
    """A folder of many communities, each with a key and a store at rest."""
    pattern = os.path.join(folder, "pattern")
    for command in (["keys", "create"], ["migrate"]):
        told = [servers.KITH, *command, "--data", pattern, "--home", servers.ROOT]
        subprocess.run(told, check=True, stdout=subprocess.DEVNULL)
    many = os.path.join(folder, "communities")
    for number in range(COUNT):
        shutil.copytree(pattern, os.path.join(many, name(number)))
    one = os.path.join(folder, "one")
    shutil.copytree(pattern, os.path.join(one, name(0)))
    return one, many


def name(number):
    return f"community-{number:04}.example"


def serve(folder, what):
    command = [servers.KITH, "serve", "--communities", what, "--home", servers.ROOT]
    return Server(
        "kith",
        [*command, "--port", "{port}"],
        "/healthz",
        log=os.path.join(folder, "communities.log"),
    )


def settled(server):
    """Memory once it no longer changes: every store has been looked at by then."""
    before = server.memory()
    while True:
        time.sleep(3)
        now = server.memory()
        if abs(now - before) < 20_000:
            return now
        before = now


def measured(folder, rounds):
    """Bytes of one before it is opened, of one that is open, and milliseconds of first pages."""
    one, many = made(folder)
    closed, opened, pages = [], [], []
    for number in range(rounds):
        server = serve(folder, one)
        try:
            server.wait()
            alone = settled(server)
        finally:
            server.stop()
        server = serve(folder, many)
        try:
            server.wait()
            before = settled(server)
            closed.append((before - alone) / (COUNT - 1))
            # Others than in the round before, since a store is changed by its first opening.
            hosts = [name(place * COUNT // OPENED + number) for place in range(OPENED)]
            pages += [server.first_page(host) for host in hosts]
            time.sleep(2)
            opened.append((server.memory() - before) / OPENED)
        finally:
            server.stop()
    return {
        "closed": statistics.median(closed),
        "open": statistics.median(opened),
        "first": statistics.median(pages) * 1000,
        "worst": max(pages) * 1000,
    }
