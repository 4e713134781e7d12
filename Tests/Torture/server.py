"""A kith of our own: started, asked, killed."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


class Gone(Exception):
    """The connection ended before a whole answer came: nobody knows what happened."""

    def __init__(self, text, was_connected):
        super().__init__(text)
        self.was_connected = was_connected


class Connection:
    """One kept-alive connection; just enough HTTP for what kith answers."""

    def __init__(self, port, seconds=30):
        self.port = port
        self.seconds = seconds
        self.socket = None
        self.rest = b""

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None
        self.rest = b""

    def ask(self, method, path, headers=(), body=b""):
        """Status, headers and body; or Gone."""
        try:
            if not self.socket:
                self.socket = socket.create_connection(("127.0.0.1", self.port), self.seconds)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
            lines += [f"{name}: {value}" for name, value in headers]
            if method == "POST":
                lines.append(f"Content-Length: {len(body)}")
            self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            return self.answer()
        except OSError as error:
            was_connected = self.socket is not None
            self.close()
            raise Gone(str(error), was_connected) from error

    def answer(self):
        while b"\r\n\r\n" not in self.rest:
            self.more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, value = line.split(":", 1)
            headers[name.lower()] = value.strip()
        count = int(headers.get("content-length", "0"))
        while len(self.rest) < count:
            self.more()
        body, self.rest = self.rest[:count], self.rest[count:]
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(first.split(" ")[1]), headers, body

    def more(self):
        some = self.socket.recv(65536)
        if not some:
            raise ConnectionResetError("closed")
        self.rest += some


class Server:
    """One data folder and whoever serves it."""

    def __init__(self, kith, folder, environment=None):
        self.kith = str(kith)
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.environment = environment or {}
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.process = None
        self.told = 0
        self.log = self.folder / "serve.log"

    def command(self, *words):
        return [self.kith, *words, "--data", str(self.data), "--home", str(REPOSITORY)]

    def spawn(self, *more):
        """Starts it and waits for nothing."""
        words = self.command("serve", "--port", str(self.port), *more)
        if "LD_PRELOAD" in self.environment:
            # A library that changes the environment before Swift looks hides the arguments; here
            # it has done so when kith takes the shell's place.
            words = ["sh", "-c", 'exec "$@"', "sh", *words]
        self.told = len(self.announced())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words, stdout=log, stderr=log, env={**os.environ, **self.environment},
            )

    def start(self, *more, seconds=60):
        self.spawn(*more)
        self.wait_until_ready(seconds)
        # From here on it is a community like any other, and served as one.
        (self.data / "demonstration").unlink(missing_ok=True)

    def wait_until_ready(self, seconds=60, sign="/readyz"):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"kith ended with {self.process.returncode}: {self.tail()}")
            connection = Connection(self.port, 5)
            try:
                if (connection.ask("GET", sign)[0] == 200
                        and len(self.announced()) > self.told):
                    return
            except Gone:
                pass
            finally:
                connection.close()
            time.sleep(0.005)
        raise RuntimeError(f"kith was not ready after {seconds} s: {self.tail()}")

    def kill(self):
        self.process.kill()
        self.process.wait(60)

    def end_if_there(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def stop(self, seconds=70):
        """SIGTERM; its exit code. It has its grace, and 30 seconds to close what is open."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def run(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True, timeout=600)

    def token(self, name="eve", scope="ledger"):
        done = self.run("token", "create", "--for", name, "--scope", scope)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def problems(self):
        """What `kith verify` finds; an empty list is good news."""
        done = self.run("verify", "--json")
        try:
            report = json.loads(done.stdout)
        except ValueError:
            return [f"verify ended with {done.returncode}: {done.stdout}{done.stderr}"]
        if report["whole"] != (done.returncode == 0):
            return [f"verify says {report} and ends with {done.returncode}"]
        return report["problems"]

    def proven(self):
        """How many entries the signed checkpoint of the ledger speaks of."""
        done = self.run("proof", "export", "--log", "ledger")
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return int(done.stdout.splitlines()[1])

    def lines(self, event=None):
        """The log, or its lines of one event."""
        text = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return [line for line in text if event is None or f'"event":"{event}"' in line]

    def announced(self):
        """The lines that say where it serves: one for each start."""
        return [line for line in self.lines() if line.startswith("Kith ") and " serves " in line]

    def tail(self):
        return " | ".join(line for line in self.lines() if '"event":"request"' not in line)[-2000:]
