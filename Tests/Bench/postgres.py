"""A PostgreSQL of our own, with its usual settings: full sync, every commit waited for."""

import os
import pwd
import re
import shutil
import subprocess
import time

from measuring import HERE

PROGRAMS = "/usr/lib/postgresql/15/bin"


class Postgres:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder)
        # It refuses to be run by root.
        self.user = "postgres" if os.getuid() == 0 else None
        if self.user:
            person = pwd.getpwnam(self.user)
            os.chown(folder, person.pw_uid, person.pw_gid)
        self.run("initdb", "-D", f"{folder}/data", "-U", "bench", "-A", "trust", "-E", "UTF8")
        self.server = subprocess.Popen(
            self.command(
                "postgres", "-D", f"{folder}/data", "-k", folder,
                "-c", "listen_addresses=", "-c", "shared_buffers=512MB",
                "-c", "fsync=on", "-c", "synchronous_commit=on",
            ),
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            if not self.run("pg_isready", "-h", folder, check=False):
                return
            time.sleep(0.1)
        raise SystemExit("PostgreSQL does not start")

    def command(self, name, *arguments):
        before = ["runuser", "-u", self.user, "--"] if self.user else []
        return [*before, f"{PROGRAMS}/{name}", *arguments]

    def run(self, name, *arguments, check=True):
        return subprocess.run(
            self.command(name, *arguments),
            cwd=self.folder,
            check=check,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ).returncode

    def postings(self, seconds):
        """Postings a second by 64 callers, in a new ledger."""
        where = ["-h", self.folder, "-U", "bench"]
        with open(os.path.join(HERE, "Peers/ledger.sql")) as script:
            subprocess.run(
                self.command("psql", *where, "-q", "-v", "ON_ERROR_STOP=1", "postgres"),
                stdin=script,
                cwd=self.folder,
                check=True,
                stderr=subprocess.DEVNULL,
            )
        # The file lies where that user may read it.
        script = shutil.copy(os.path.join(HERE, "Peers/posting.sql"), self.folder)
        os.chmod(script, 0o644)
        told = subprocess.run(
            self.command(
                "pgbench", *where, "-n", "-M", "prepared", "-c", "64", "-j", "2",
                "-T", str(max(1, round(seconds))), "-f", script, "postgres",
            ),
            cwd=self.folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return float(re.search(r"tps = ([\d.]+)", told)[1])

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "fast", "-w", "stop", check=False)
        self.server.wait()
