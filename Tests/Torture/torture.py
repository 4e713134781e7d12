"""Kills kith again and again while it writes, and proves that nothing acknowledged was lost,
doubled or changed.

    torture.py [--kills N] [--seed S] [--kith PROGRAM] [--writers N] [--minutes M]

What it does is drawn from the seed; what it meets depends on the machine as well.
"""

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time

from books import Books
from load import Load, reader
from server import REPOSITORY, Server

CHECK_EVERY = 50


class Chance:
    """A seeded source for many threads."""

    def __init__(self, seed):
        self.source = random.Random(seed)
        self.lock = threading.Lock()

    def __getattr__(self, name):
        def draw(*arguments):
            with self.lock:
                return getattr(self.source, name)(*arguments)
        return draw


def begin(server, chance, fresh=True):
    """The demonstration community, a token, and our books of what its ledger holds."""
    if fresh:
        server.start("--demo", seconds=180)
    token = server.token()
    reading = reader(server.port, token)("/api/ledger/balances")
    free = [account["id"] for account in reader(server.port, token)("/api/ledger/accounts")["accounts"]
            if account["floor"] is None]
    balances = {item["account"]: item["balance"] for item in reading["balances"]}
    return token, Books(chance, free, balances, reading["entries"])


def check(server, books, load, token, since):
    """Everything there is to check, once with the process and once without."""
    load.settle()
    last = books.check(reader(server.port, token), since)
    code = server.stop()
    if code != 0:
        books.violated(f"it ended with {code} when asked to stop: {server.tail()}")
    for problem in server.problems():
        books.violated(f"verify: {problem}")
    return last


def look(server, books):
    """What is told of a dead process's store has all that was acknowledged, also what is in its log
    only."""
    for problem in server.problems():
        books.violated(f"verify of the dead: {problem}")
    promised = books.first_entries + len(books.acknowledged)
    size = server.proven()
    if size < promised:
        books.violated(f"the dead one's ledger is told to have {size} of {promised} entries")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--minutes", type=float, default=0, help="end after so long at the latest")
    options.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    options.add_argument("--kith", default=REPOSITORY / ".build/release/kith")
    options.add_argument("--writers", type=int, default=24)
    options.add_argument("--keep", action="store_true", help="keep the data folder")
    options = options.parse_args()
    print(f"torture: {options.kills} kills, seed {options.seed}", flush=True)

    chance = Chance(options.seed)
    folder = tempfile.mkdtemp(prefix="kith-torture-")
    server = Server(options.kith, folder)
    begun = time.monotonic()
    killed = starting = since = 0
    next_check = CHECK_EVERY
    try:
        token, books = begin(server, chance)
        load = Load(books, server.port, token, chance, options.writers)
        while killed < options.kills and not books.violations:
            if options.minutes and time.monotonic() - begun > options.minutes * 60:
                break
            time.sleep(chance.uniform(0.02, 0.6))
            server.kill()
            killed += 1
            # Some die again while they recover from the last death.
            while chance.random() < 0.2 and killed < options.kills:
                server.spawn()
                time.sleep(chance.uniform(0, 0.15))
                server.kill()
                killed += 1
                starting += 1
            if killed == 1 or chance.random() < 0.05:
                look(server, books)
            server.start()
            if killed >= next_check:
                next_check += CHECK_EVERY
                since = check(server, books, load, token, since)
                server.start()
                load.go_on()
                print(f"  {killed} kills, {len(books.acknowledged)} entries: whole", flush=True)
        check(server, books, load, token, 0)
        load.end()
        for line in server.lines("fault"):
            books.violated(line)
    finally:
        server.end_if_there()
    seconds = time.monotonic() - begun
    print(f"torture: {killed} kills ({starting} of them while starting) in {seconds:.0f} s, "
          f"{len(books.acknowledged)} entries acknowledged, answers {load.counts}")
    for violation in books.violations[:20]:
        print(f"FAILED {violation}")
    if books.violations or options.keep:
        print(f"the data is kept in {folder}; the seed was {options.seed}")
    else:
        shutil.rmtree(folder)
    failed = len(books.violations)
    print(f"{max(0, killed - failed)} passed, {failed} failed")
    return 1 if books.violations else 0


if __name__ == "__main__":
    sys.exit(main())
