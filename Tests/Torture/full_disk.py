"""Fills the disk while kith writes: it says so, keeps answering, and goes on when there is room.

    full_disk.py [--kith PROGRAM] [--seed S]

Needs leave to mount a small file system in memory; without it, nothing is tried and that is said.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from load import Load
from server import REPOSITORY, Connection, Gone, Server
from torture import Chance, begin, check

MEGABYTES = 24


def wait_for(what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


def answers(server, paths):
    """What these are answered, each of them a few times."""
    connection = Connection(server.port)
    try:
        return {connection.ask("GET", path)[0] for path in paths * 10}
    except Gone:
        return set()
    finally:
        connection.close()


def reads(server):
    """Whether pages are answered."""
    return answers(server, ["/sign-in", "/healthz"]) == {200}


def is_ready(server):
    """Whether whoever watches is told that changes can be written."""
    return answers(server, ["/readyz"]) == {200}


def starts_for_readers(server):
    """It starts for readers, or says in one line why not."""
    try:
        server.spawn()
        server.wait_until_ready(20, sign="/healthz")
        return reads(server)
    except RuntimeError:
        words = [line for line in server.lines() if line.startswith("kith:")]
        return len(words) == 1 and not server.announced()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kith", default=REPOSITORY / ".build/release/kith")
    options.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    options = options.parse_args()
    print(f"full disk: seed {options.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="kith-full-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "kith-full", str(folder)],
        capture_output=True, text=True,
    )
    if mounted.returncode != 0:
        print(f"full disk: not tried, no small disk can be made here: {mounted.stderr.strip()}")
        print("0 passed, 0 failed")
        return 0
    chance = Chance(options.seed)
    server = Server(options.kith, folder)
    server.log = Path(tempfile.mkdtemp(prefix="kith-full-log-")) / "serve.log"
    done = []
    books = None
    try:
        token, books = begin(server, chance)
        ballast = folder / "ballast"

        def refused():
            return load.counts.get(503, 0)

        def written():
            return load.counts.get(201, 0)

        def step(name, truth):
            done.append(bool(truth))
            if not truth:
                books.violated(name)

        def fill():
            with ballast.open("ab", buffering=0) as file:
                try:
                    while True:
                        file.write(b"x" * 4096)
                except OSError:
                    pass

        # Nothing was refused before, so its log has no room to spare either.
        server.kill()
        fill()
        step("at first: started on a full disk", starts_for_readers(server))
        step("at first: it lives", server.process.poll() is None)
        ballast.unlink()
        if server.process.poll() is not None:
            server.start()

        load = Load(books, server.port, token, chance, 8)
        for round in ("first", "second"):
            before = refused()
            fill()
            step(f"{round}: a full disk is said with 503", wait_for(lambda: refused() > before + 20))
            step(f"{round}: it lives", server.process.poll() is None)
            step(f"{round}: pages are still read", reads(server))
            step(f"{round}: it says that it is not ready", not is_ready(server))
            if round == "second":
                # It dies while the disk is full.
                for _ in range(4):
                    server.kill()
                    fill()
                    server.log.unlink()
                    step("started on a full disk", starts_for_readers(server))
                ballast.unlink()
                if server.process.poll() is not None:
                    server.start()
            else:
                ballast.unlink()
            before = written()
            step(f"{round}: with room it goes on by itself", wait_for(lambda: written() > before + 50))
            step(f"{round}: and says so", wait_for(lambda: is_ready(server)))
        check(server, books, load, token, 0)
        load.end()
        step("nothing was lost, doubled or half-written", not books.violations)
        print(f"full disk: {len(books.acknowledged)} acknowledged, answers {load.counts}")
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
        subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
    for violation in books.violations[:20]:
        print(f"FAILED {violation}")
    if books.violations:
        print(f"its log is {server.log}")
    failed = done.count(False)
    print(f"{len(done) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
