"""What kith does when the machine under it fails: each fault is made while programs write, and
afterwards the ledger, the proofs and every acknowledged entry are held against our own books.

    faults.py [--kith PROGRAM] [--seed S] [NAME …]

Faults of the disk are injected by strace, the clock is faketime's; a fault whose tool is missing
here is not tried, and that is said.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Torture"))

from load import Load  # noqa: E402
from server import REPOSITORY, Connection, Server  # noqa: E402
from torture import Chance, begin, check  # noqa: E402

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


class NotTried(Exception):
    """A tool is missing, or not allowed here."""


class Scene:
    """A server with programs writing to it, and what was found."""

    def __init__(self, kith, pattern, chance, environment=None):
        self.folder = Path(tempfile.mkdtemp(prefix="kith-fault-"))
        shutil.copytree(pattern.data, self.folder / "data",
                        ignore=shutil.ignore_patterns("control"))
        self.server = Server(kith, self.folder, environment)
        try:
            self.server.start()
            self.token, self.books = begin(self.server, chance, fresh=False)
        except Exception:
            self.server.end_if_there()
            raise
        self.load = Load(self.books, self.server.port, self.token, chance, 6)

    def count(self, *what):
        return sum(self.load.counts.get(each, 0) for each in what)

    def expect(self, text, truth):
        if not truth:
            self.books.violated(f"not so: {text}; answers {self.load.counts}")

    def wait_for(self, text, what, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if what():
                return
            time.sleep(0.02)
        self.expect(text, False)

    def wait_for_writes(self, text="entries are written", more=30, seconds=60):
        before = self.count(201)
        self.wait_for(text, lambda: self.count(201) >= before + more, seconds)

    def has_ended(self):
        return self.server.process.poll() is not None

    def last_words(self):
        """What it says of itself, but for the settings that it misses at every start."""
        return [line for line in self.server.lines()
                if line.startswith("kith:") and " is not set, so " not in line]

    def expect_end(self, words):
        """It stops by itself, with one clear line; the next start goes on."""
        self.wait_for("it stops by itself", self.has_ended)
        self.expect("it ends with 1", self.server.process.returncode == 1)
        lines = self.last_words()
        self.expect(f"one line with {words!r}, not {lines}",
                    len(lines) == 1 and words in lines[0])
        self.server.start()
        self.wait_for_writes("it goes on after a start")

    def expect_life(self):
        """It lives, and goes on by itself."""
        self.expect(f"it lives; {self.server.tail()[-500:]}", not self.has_ended())
        if self.has_ended():
            self.server.start()
        self.wait_for_writes("it goes on by itself")

    def finish(self):
        check(self.server, self.books, self.load, self.token, 0)
        self.load.end()

    def clear(self):
        self.load.ending.set()
        self.server.end_if_there()
        if not self.books.violations:
            shutil.rmtree(self.folder)


class Injection:
    """Calls that fail or linger, on one file of the store, for as long as the block lasts."""

    def __init__(self, scene, call, file, what):
        self.scene = scene
        self.arguments = ["strace", "-f", "-qq", "-o", "/dev/null",
                          "-p", str(scene.server.process.pid),
                          "-P", str(scene.server.data / file),
                          "-e", f"trace={call}", "-e", f"inject={call}:{what}"]

    def __enter__(self):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        end = time.monotonic() + 30
        while not self.is_attached() and time.monotonic() < end:
            if self.process.poll() is not None and not self.scene.has_ended():
                raise NotTried(f"strace cannot: {self.process.stderr.read().strip()}")
            time.sleep(0.02)
        return self

    def is_attached(self):
        """To every thread, or there is nobody any more."""
        threads = Path(f"/proc/{self.scene.server.process.pid}/task")
        try:
            return all("TracerPid:\t0\n" not in (each / "status").read_text()
                       for each in threads.iterdir())
        except OSError:
            return self.scene.has_ended()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(60)


# MARK: The faults


def flush_fails(scene):
    """The log's flush fails: what the disk holds is unknown, so it stops."""
    with Injection(scene, "fdatasync", "kith.db-wal", "error=EIO:when=3"):
        scene.wait_for("it stops by itself", scene.has_ended)
    scene.expect_end("failed to flush")


def flush_of_the_store_fails(scene):
    """The same when the log is copied into the store."""
    with Injection(scene, "fdatasync", "kith.db", "error=EIO:when=1"):
        scene.wait_for("it stops by itself", scene.has_ended, 120)
    scene.expect_end("failed to flush")


def write_fails(scene):
    """Writes to the log fail now and then: 503, and it goes on."""
    with Injection(scene, "pwrite64", "kith.db-wal", "error=EIO:when=7+40"):
        scene.wait_for("503 is said", lambda: scene.count(503) >= 20)
    scene.expect_life()


def room_runs_out(scene):
    """Writes to the log find no room for a while: 503, and it goes on."""
    with Injection(scene, "pwrite64", "kith.db-wal", "error=ENOSPC"):
        scene.wait_for("503 is said", lambda: scene.count(503) >= 20)
        acknowledged = len(scene.books.acknowledged)
        time.sleep(0.5)
        scene.expect("nothing new is acknowledged",
                     len(scene.books.acknowledged) == acknowledged)
    scene.expect_life()


def store_cannot_be_written(scene):
    """Copying the log into the store fails: the log grows, and nobody notices."""
    with Injection(scene, "pwrite64", "kith.db", "error=EIO"):
        scene.wait_for_writes("entries are written all the same", 3000, 180)
    scene.expect_life()


def read_fails(scene):
    """Reading fails now and then: 503, and it goes on."""
    with Injection(scene, "pread64", "kith.db", "error=EIO:when=2+3"):
        connection = Connection(scene.server.port)
        for number in range(60):
            status = connection.ask("GET", f"/api/ledger/entries?after={number}&limit=3",
                                    scene.load.headers())[0]
            scene.expect(f"200 or 503, not {status}", status in (200, 503))
    scene.expect_life()


def disk_is_slow(scene):
    """Each flush takes long: writing waits, and what needs no flush does not."""
    with Injection(scene, "fdatasync", "kith.db-wal", "delay_exit=300000"):
        scene.wait_for_writes("entries are written, slowly", 12)
        connection = Connection(scene.server.port)
        times = []
        for path in ["/healthz", "/sign-in"] * 15:
            begun = time.monotonic()
            status = connection.ask("GET", path)[0]
            times.append(time.monotonic() - begun)
            scene.expect(f"{path} is there: {status}", status == 200)
        # A busy machine may hold up some of them as well.
        scene.expect(f"most do not wait for a flush: {times}", sorted(times)[15] < 0.25)
        scene.expect("the delay was felt", scene.load.slowest > 0.25)
    scene.expect_life()


def disk_never_answers(scene):
    """A flush that does not come back, and SIGTERM: the end has its time all the same."""
    words = "not everything could be closed in time"
    with Injection(scene, "fdatasync", "kith.db-wal", "delay_enter=120000000"):
        time.sleep(1)
        begun = time.monotonic()
        scene.server.process.terminate()
        scene.wait_for("it says that its time is over",
                       lambda: any(words in line for line in scene.server.lines()), 60)
        took = time.monotonic() - begun
    scene.expect(f"that is 30 seconds after its grace, not {took:.1f}", 29 < took < 60)
    # What strace holds back is gone only when strace lets go of it.
    scene.expect_end(words)


def stands_still(scene):
    """It is stopped for a while, as by a debugger or a laptop's lid: nobody loses anything."""
    scene.wait_for_writes()
    lost = scene.count("no answer")
    os.kill(scene.server.process.pid, signal.SIGSTOP)
    time.sleep(3)
    written = scene.count(201)
    os.kill(scene.server.process.pid, signal.SIGCONT)
    scene.wait_for("those who waited are answered", lambda: scene.count(201) > written + 30)
    scene.expect("no connection was lost", scene.count("no answer") == lost)
    scene.expect_life()


def clock_steps(scene):
    """The clock steps back a day, forward a month, and back again."""
    connection = Connection(scene.server.port)

    def now():
        body = connection.ask("GET", "/api/ledger/balances", scene.load.headers())[2]
        return datetime.fromisoformat(re.search(rb'"at":"([^"]+)"', body)[1].decode())

    seen = [now()]
    for step in ("-1d", "+30d", "+0"):
        scene.clock.write_text(step + "\n")
        scene.wait_for(f"the clock has stepped by {step}",
                       lambda: abs(now() - seen[-1]) > timedelta(hours=12))
        seen.append(now())
        scene.wait_for_writes(f"entries are written with the clock at {step}")
    scene.expect(f"the clock went {[str(each) for each in seen]}", seen[1] < seen[0] < seen[2] > seen[3])
    scene.expect_life()


FAULTS = [
    flush_fails, flush_of_the_store_fails, write_fails, room_runs_out, store_cannot_be_written,
    read_fails, disk_is_slow, disk_never_answers, stands_still, clock_steps,
]


def environment_of(fault, folder):
    if fault is disk_never_answers:
        return {"KITH_GRACE": "1"}
    if fault is not clock_steps:
        return {}
    if not FAKETIME.exists():
        raise NotTried(f"{FAKETIME} is missing")
    (folder / "clock").write_text("+0\n")
    return {
        "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kith", default=REPOSITORY / ".build/release/kith")
    options.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    options.add_argument("names", nargs="*")
    options = options.parse_args()
    print(f"faults: seed {options.seed}", flush=True)

    chance = Chance(options.seed)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="kith-faults-") as folder:
        pattern = Server(options.kith, folder)
        try:
            pattern.start("--demo", seconds=180)
            pattern.stop()
        finally:
            pattern.end_if_there()
        for fault in FAULTS:
            if options.names and fault.__name__ not in options.names:
                continue
            name = fault.__name__.replace("_", " ")
            scene = None
            begun = time.monotonic()
            try:
                environment = environment_of(fault, Path(folder))
                scene = Scene(options.kith, pattern, chance, environment)
                scene.clock = Path(folder) / "clock"
                scene.wait_for_writes()
                fault(scene)
                scene.finish()
                violations = scene.books.violations
            except NotTried as reason:
                print(f"  {name}: not tried, {reason}", flush=True)
                continue
            except Exception as error:  # whatever happens, the others are tried and it is counted
                violations = (scene.books.violations if scene else []) + [repr(error)]
            finally:
                if scene:
                    scene.clear()
            took = time.monotonic() - begun
            if violations:
                failed += 1
                for violation in violations[:5]:
                    print(f"FAILED {name}: {violation}")
                print(f"  {name}: its log is {scene.folder if scene else ''}/serve.log", flush=True)
            else:
                passed += 1
                print(f"  {name}: as it should be, {took:.1f} s, {scene.load.counts}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
