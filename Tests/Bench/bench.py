"""Measures Kith beside its peers and prints one table. Run by bin/bench; see README.md."""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import tempfile

import parts
from servers import ROOT
from table import Table


def told(*command):
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip()
    except OSError:
        return "not installed"


def machine():
    with open("/proc/cpuinfo") as file:
        processor = re.search(r"model name\s*: (.*)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read())[1]) / 1e6
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes"),
        "commit": told("git", "rev-parse", "--short", "HEAD"),
        "processor": f"{os.cpu_count()} x {processor[1] if processor else platform.machine()}",
        "memory": f"{memory:.0f} GB",
        "kernel": platform.release(),
        "load at start": f"{os.getloadavg()[0]:.1f}",
        "versions": ", ".join(
            [
                told("nginx", "-v").split(": ")[-1],
                told("/usr/lib/postgresql/15/bin/postgres", "--version"),
                f"Python {platform.python_version()}",
                *(
                    f"{name} {importlib.metadata.version(name)}"
                    for name in ("fastapi", "uvicorn", "jinja2", "django", "gunicorn")
                ),
            ]
        ),
    }


def main():
    choices = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    choices.add_argument("--only", help=f"some parts, with commas: {','.join(parts.ALL)}")
    choices.add_argument("--rounds", type=int, default=5)
    choices.add_argument("--seconds", type=int, default=3, help="of each run")
    choices.add_argument("--json", metavar="FILE", help="the same table for programs")
    chosen = choices.parse_args()
    wanted = chosen.only.split(",") if chosen.only else parts.ALL
    for part in wanted:
        if part not in parts.ALL:
            choices.error(f"{part} is not a part")
    about = machine()
    for name, value in about.items():
        print(f"{name}: {value}")
    print(f"{chosen.rounds} rounds of {chosen.seconds:g} seconds\n", flush=True)
    table = Table()
    # On a disk, since what is measured must wait for one; /tmp is often memory.
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="kith-bench-") as folder:
        os.chmod(folder, 0o755)
        runner = parts.Parts(table, folder, chosen.rounds, chosen.seconds)
        for part in wanted:
            getattr(runner, part)()
    print(f"\n{table.count(True)} goals met, {table.count(False)} not met")
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump({"machine": about, "rows": table.rows}, file, indent=2)


if __name__ == "__main__":
    main()
