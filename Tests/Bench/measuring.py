"""Servers, load, processor time and memory; and taking turns."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def family(process):
    """A process and all below it."""
    found = [process]
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children") as children:
                for child in children.read().split():
                    found += family(int(child))
    except OSError:
        pass
    return found


class Server:
    """One server under load: `command` with {port} in it."""

    def __init__(
        self, name, command, path, headers=None, folder=None, environment=None, log=None, port=None
    ):
        self.name = name
        self.port = port or free_port()
        self.path = path
        self.headers = headers or {}
        command = [part.replace("{port}", str(self.port)) for part in command]
        variables = {**os.environ, **(environment or {}), "PORT": str(self.port)}
        self.began = time.perf_counter()
        with open(log or os.devnull, "wb") as output:
            self.process = subprocess.Popen(
                command, cwd=folder, env=variables, stdout=output, stderr=output
            )

    def wait(self, seconds=60):
        """Seconds from the start to the first whole page."""
        request = [f"GET {self.path} HTTP/1.1", "Host: localhost", "Connection: close"]
        request += [f"{name}: {value}" for name, value in self.headers.items()]
        request = ("\r\n".join(request) + "\r\n\r\n").encode()
        while time.perf_counter() - self.began < seconds:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as client:
                    client.settimeout(10)
                    client.sendall(request)
                    answer = b""
                    while piece := client.recv(65536):
                        answer += piece
                if b" 200 " in answer[:20]:
                    return time.perf_counter() - self.began
            except OSError:
                pass
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.process.returncode}")
            time.sleep(0.0005)
        raise SystemExit(f"{self.name} answered no page within {seconds} seconds")

    def first_page(self, host, path="/"):
        """Seconds from a new connection to the end of one page at a host."""
        began = time.perf_counter()
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        client.request("GET", path, headers={"Host": host})
        answer = client.getresponse()
        text = answer.read()
        taken = time.perf_counter() - began
        client.close()
        if answer.status != 200 or b"</html>" not in text:
            raise SystemExit(f"{host} answered {answer.status}")
        return taken

    def page(self):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        client.request("GET", self.path, headers=self.headers)
        answer = client.getresponse().read().decode()
        client.close()
        return answer

    def processor(self):
        """Seconds of processor time so far."""
        total = 0
        for process in family(self.process.pid):
            try:
                with open(f"/proc/{process}/stat") as stat:
                    fields = stat.read().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / TICKS

    def memory(self):
        """Bytes, shared pages divided by those who share them (PSS)."""
        total = 0
        for process in family(self.process.pid):
            try:
                with open(f"/proc/{process}/smaps_rollup") as rollup:
                    for line in rollup:
                        if line.startswith("Pss:"):
                            total += int(line.split()[1]) * 1024
            except OSError:
                pass
        return total

    def load(self, seconds, script=None, path=None, connections=64):
        """One run of wrk: requests a second, p50 and p99 in ms, processor us a request, PSS."""
        command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:g}s", "--latency"]
        if script:
            command += ["-s", os.path.join(HERE, "Load", script)]
        for name, value in self.headers.items() if script is None else []:
            command += ["-H", f"{name}: {value}"]
        before = self.processor()
        wrk = subprocess.Popen(
            command + [f"http://127.0.0.1:{self.port}{path or self.path}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(seconds * 0.7)
        memory = self.memory()
        told = wrk.communicate()[0]
        used = self.processor() - before
        wrong = re.search(r"Non-2xx or 3xx responses: \d+|Socket errors: .*", told)
        if wrong and "timeout" not in wrong[0]:
            raise SystemExit(f"{self.name} under load: {wrong[0]}")
        requests = int(re.search(r"(\d+) requests in", told)[1])
        return {
            "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]),
            "p50": milliseconds(re.search(r"\n\s+50%\s+(\S+)", told)[1]),
            "p99": milliseconds(re.search(r"\n\s+99%\s+(\S+)", told)[1]),
            "processor": used / max(requests, 1) * 1e6,
            "memory": memory,
        }

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s|m)$", text).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1000, "m": 60_000}[unit]


def in_turn(rounds, runs):
    """Runs everyone once a round, in the other order every other round. Lists of results."""
    results = {name: [] for name in runs}
    for number in range(rounds):
        names = list(runs) if number % 2 == 0 else list(runs)[::-1]
        for name in names:
            results[name].append(runs[name]())
    return results


def median(results, key=None):
    return statistics.median(one[key] if key else one for one in results)


def ratio(ours, theirs, key=None):
    """The median of the rounds' own ratios."""
    pairs = zip(ours, theirs)
    if key:
        return statistics.median(one[key] / other[key] for one, other in pairs)
    return statistics.median(one / other for one, other in pairs)
