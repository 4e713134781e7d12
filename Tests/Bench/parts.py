"""The parts of the benchmark: who runs against whom, and the goal. Each gives rows."""

import html
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import urllib.parse

import database
from measuring import HERE, Server, free_port, in_turn, median, ratio
from postgres import Postgres

ROOT = os.path.dirname(os.path.dirname(HERE))
PEERS = os.path.join(HERE, "Peers")
KITH = os.path.join(ROOT, ".build/release/kith")
BENCH = os.path.join(ROOT, ".build/release/kith-bench")


class Bench:
    def __init__(self, folder, rounds, seconds):
        self.folder = folder
        self.rounds = rounds
        self.seconds = seconds
        self.rows = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def row(self, what, goal, ours, peer, ratio=None, met=None):
        row = {"what": what, "goal": goal, "ours": ours, "peer": peer, "ratio": ratio, "met": met}
        self.rows.append(row)
        show(row)

    # The servers

    def demonstration(self, path, headers=None):
        data = self.path("demonstration")
        if not os.path.exists(data):
            seed = [KITH, "seed", "--demo", "--data", data, "--home", ROOT]
            subprocess.run(seed, check=True, stdout=subprocess.DEVNULL)
        command = [KITH, "serve", "--demo", "--data", data, "--home", ROOT, "--port", "{port}"]
        return Server("kith", command, path, headers, log=self.path("kith.log"))

    def ours(self, path):
        store = self.path("ours.db")
        if not os.path.exists(store):
            database.create(store, ours=True)
        return Server(
            "ours",
            [BENCH, "serve", store, "{port}"],
            path,
            {"Cookie": database.cookie()},
            folder=ROOT,
            log=self.path("ours.log"),
        )

    def peers(self):
        store = self.path("peers.db")
        if not os.path.exists(store):
            database.create(store)
        commands = {
            "FastAPI": "-m uvicorn fastapi_app:app --workers 2 --no-access-log --log-level error"
            " --port {port}",
            "Django": "-m gunicorn django_app:app -w 2 -k gthread --threads 4 -b 127.0.0.1:{port}"
            " --keep-alive 60 --log-level error",
        }
        commands = {name: [sys.executable] + text.split() for name, text in commands.items()}
        needs = "require('express'); require('nunjucks'); require('better-sqlite3')"
        if shutil.which("node") and not subprocess.run(
            ["node", "-e", needs], capture_output=True, check=False
        ).returncode:
            commands["Express"] = ["node", "express_app.js"]
        return {
            name: Server(
                name,
                command,
                "/visits",
                {"Cookie": database.cookie()},
                folder=PEERS,
                environment={"DB": store, "NODE_ENV": "production"},
                log=self.path(f"{name}.log"),
            )
            for name, command in commands.items()
        }

    # The parts

    def plain(self):
        folder = self.path("nginx")
        os.makedirs(os.path.join(folder, "www"), exist_ok=True)
        with open(os.path.join(folder, "www/hello.txt"), "w") as file:
            file.write("Hello, World!")
        port = free_port()
        settings = os.path.join(folder, "nginx.conf")
        with open(os.path.join(PEERS, "nginx.conf")) as pattern, open(settings, "w") as file:
            file.write(pattern.read().replace("FOLDER", folder).replace("PORT", str(port)))
        ours = self.demonstration("/healthz")
        peer = Server("nginx", ["nginx", "-p", folder, "-c", settings], "/hello.txt", port=port)
        try:
            ours.wait()
            peer.wait()
            runs = in_turn(
                self.rounds,
                {one: lambda one=one: one.load(self.seconds) for one in (ours, peer)},
            )
        finally:
            ours.stop()
            peer.stop()
        times = ratio(runs[ours], runs[peer], "rate")
        self.row(
            "plaintext, 64 connections, all headers, routing, log / nginx, 2 workers",
            ">= 1.0x", load(runs[ours]), load(runs[peer]), times, times >= 1,
        )

    def page(self):
        ours = self.ours("/visits")
        disclosed = self.ours_again(ours, "/disclosed")
        peers = self.peers()
        servers = [ours, disclosed, *peers.values()]
        try:
            for server in servers:
                server.wait()
            text = html.unescape(ours.page()).strip()
            for server in servers:
                if html.unescape(server.page()).strip() != text:
                    raise SystemExit(f"the page of {server.name} says something else than ours")
            runs = in_turn(
                self.rounds,
                {one: lambda one=one: one.load(self.seconds, "visits.lua") for one in servers},
            )
            self.memory(ours, runs)
        finally:
            for server in servers:
                server.stop()
        goals = {"FastAPI": (5, 4), "Django": (25, 20), "Express": (4, 4)}
        for name, peer in peers.items():
            for which, what, goal in (
                (ours, "page, no disclosure", goals[name][0]),
                (disclosed, "page, disclosure committed first", goals[name][1]),
            ):
                times = ratio(runs[which], runs[peer], "rate")
                self.row(
                    f"{what} / {name}", f">= {goal}x", load(runs[which]), load(runs[peer]),
                    times, times >= goal,
                )
        for which, what in ((ours, "no disclosure"), (disclosed, "disclosure committed first")):
            late = median(runs[which], "p99")
            self.row(f"page's p99, {what}", "<= 15 ms", f"{late:.1f} ms", "", None, late <= 15)
            for name, peer in peers.items():
                times = ratio(runs[which], runs[peer], "p99")
                self.row(
                    f"page's p99, {what} / {name}", "<= 0.2x", f"{late:.1f} ms",
                    f"{median(runs[peer], 'p99'):.0f} ms", times, times <= 0.2,
                )

    def ours_again(self, server, path):
        """Another page of a server that runs."""
        other = object.__new__(Server)
        other.__dict__.update(server.__dict__, path=path, name=f"ours {path}")
        other.stop = lambda: None
        return other

    def memory(self, server, runs):
        most = max(run["memory"] for run in runs[server])
        self.row(
            "memory under the page's load (PSS)", "<= 60 MB", f"{most / 1e6:.1f} MB", "",
            None, most <= 60e6,
        )
        before = server.memory()
        clients = []
        count = 5000
        for number in range(count):
            # No more than 2,000 from one address are let in.
            client = socket.create_connection(
                ("127.0.0.1", server.port), source_address=(f"127.0.0.{2 + number // 1500}", 0)
            )
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.recv(4096)
            clients.append(client)
        each = (server.memory() - before) / count
        for client in clients:
            client.close()
        self.row(
            "memory of an idle connection, 5,000 of them", "<= 1 kB", f"{each:.0f} B", "",
            None, each <= 1000,
        )

    def start(self):
        times = []
        self.demonstration("/sign-in").stop()
        for _ in range(max(self.rounds, 5)):
            server = self.demonstration("/sign-in")
            times.append(server.wait() * 1000)
            server.stop()
        first = statistics.median(times)
        self.row(
            "start to first page, migrations checked", "<= 50 ms", f"{first:.0f} ms", "",
            None, first <= 50,
        )

    def week(self):
        """Pages of the product itself: the demonstration's Ben and his week, Eve and the audit."""
        for name, path in (("ben", "/week"), ("ben", "/money"), ("ada", "/today")):
            server = self.demonstration("/healthz")
            try:
                server.wait()
                server.headers = {"Cookie": sign_in(server.port, name)}
                server.path = path
                size = len(server.page())
                runs = [server.load(self.seconds) for _ in range(self.rounds)]
            finally:
                server.stop()
            late = median(runs, "p99")
            self.row(
                f"{name}'s {path}, {size / 1000:.0f} kB", "p99 <= 15 ms",
                f"{load(runs)}, p99 {late:.1f} ms", "", None, late <= 15,
            )

    def template(self):
        jinja = [sys.executable, os.path.join(PEERS, "jinja_table.py")]
        ours = [BENCH, "table"]
        seconds = str(self.seconds / 2)

        def told(command):
            return subprocess.run(
                command, cwd=ROOT, check=True, capture_output=True, text=True
            ).stdout

        if html.unescape(told(ours + ["print"])) != html.unescape(told(jinja + ["print"])):
            raise SystemExit("the two tables say different things")
        runs = in_turn(
            self.rounds,
            {
                "ours": lambda: float(told(ours + [seconds])),
                "jinja": lambda: float(told(jinja + [seconds])),
            },
        )
        times = ratio(runs["jinja"], runs["ours"])
        self.row(
            "template of 100 rows / Jinja2", ">= 25x", f"{median(runs['ours']):.1f} us",
            f"{median(runs['jinja']):.0f} us", times, times >= 25,
        )

    def ledger(self):
        def ours(batch):
            folder = self.path("ledger")
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            command = [BENCH, "postings", folder, str(self.seconds), "64", str(batch)]
            told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            return float(told.stdout)

        def over_http():
            shutil.rmtree(self.path("http"), ignore_errors=True)
            os.makedirs(self.path("http"))
            store = self.path("http/ours.db")
            server = Server(
                "ours", [BENCH, "serve", store, "{port}"], "/", folder=ROOT,
                log=self.path("http/log"),
            )
            try:
                server.wait()
                server.path = "/postings"
                return server.load(self.seconds, "post.lua")["rate"]
            finally:
                server.stop()

        postgres = Postgres(self.path("postgres"))
        try:
            runs = in_turn(
                self.rounds,
                {
                    "group": lambda: ours(256),
                    "each": lambda: ours(1),
                    "http": over_http,
                    "postgres": lambda: postgres.postings(self.seconds),
                },
            )
        finally:
            postgres.stop()
        theirs = f"{median(runs['postgres']):.0f}/s"
        for key, what, goal in (
            ("group", "ledger postings, 64 callers, full sync / PostgreSQL with a chain", ">= 5x"),
            ("http", "the same postings over HTTP, 64 connections / PostgreSQL", ""),
        ):
            times = ratio(runs[key], runs["postgres"])
            self.row(
                what, goal, f"{median(runs[key]):.0f}/s", theirs, times,
                times >= 5 if goal else None,
            )
        times = ratio(runs["group"], runs["each"])
        self.row(
            "group commit / one commit for each posting", ">= 3x",
            f"{median(runs['group']):.0f}/s", f"{median(runs['each']):.0f}/s", times, times >= 3,
        )


PARTS = ["plain", "page", "week", "template", "ledger", "start"]


def load(runs):
    return f"{median(runs, 'rate'):.0f}/s ({median(runs, 'processor'):.0f} us)"


def show(row):
    times = "" if row["ratio"] is None else f"{row['ratio']:.2f}x"
    met = {True: "met", False: "NOT MET", None: ""}[row["met"]]
    print(
        f"{row['what']:<74} {row['goal']:<12} {row['ours']:<28} {row['peer']:<20} {times:>8}  {met}",
        flush=True,
    )


def sign_in(port, name):
    """The session's cookie of one of the cast."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    client.request("GET", "/sign-in")
    answer = client.getresponse()
    text = answer.read().decode()
    visitor = answer.getheader("set-cookie").split(";")[0]
    token = html.unescape(re.search(r'name="token" value="([^"]*)"', text)[1])
    form = {"name": name, "password": "harbour-lamp-42", "token": token}
    client.request(
        "POST",
        "/sign-in",
        urllib.parse.urlencode(form),
        {"Cookie": visitor, "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = client.getresponse()
    answer.read()
    cookies = [value for key, value in answer.getheaders() if key.lower() == "set-cookie"]
    return next(one.split(";")[0] for one in cookies if one.startswith("session="))
