"""The parts of the benchmark: who runs against whom, and the goal. Each adds rows to the table."""

import html
import os
import shutil
import socket
import statistics
import subprocess
import sys

import communities
import servers
from measuring import in_turn, median, ratio
from postgres import Postgres
from table import load

PAGE_GOALS = {"FastAPI": (5, 4), "Django": (25, 20), "Express": (4, 4)}


class Parts:
    def __init__(self, table, folder, rounds, seconds):
        self.table = table
        self.folder = folder
        self.rounds = rounds
        self.seconds = seconds

    def plain(self):
        ours = servers.product(self.folder, "/healthz")
        peer = servers.nginx(self.folder)
        try:
            ours.wait()
            peer.wait()
            runs = in_turn(
                self.rounds,
                {"ours": lambda: ours.load(self.seconds), "nginx": lambda: peer.load(self.seconds)},
            )
        finally:
            ours.stop()
            peer.stop()
        times = ratio(runs["ours"], runs["nginx"], "rate")
        self.table.add(
            "plaintext, all headers, routing and log on / nginx, 2 workers", ">= 1.0x",
            load(runs["ours"]), load(runs["nginx"]), times, times >= 1,
        )

    def page(self):
        ours = servers.ours(self.folder)
        peers = servers.peers(self.folder)
        script, seconds = "visits.lua", self.seconds
        try:
            ours.wait()
            text = html.unescape(ours.page()).strip()
            for peer in peers.values():
                peer.wait()
                if html.unescape(peer.page()).strip() != text:
                    raise SystemExit(f"the page of {peer.name} says something else than ours")
            takers = {
                "ours": lambda: ours.load(seconds, script),
                "disclosed": lambda: ours.load(seconds, script, "/disclosed"),
            }
            for name, peer in peers.items():
                takers[name] = lambda peer=peer: peer.load(seconds, script)
            runs = in_turn(self.rounds, takers)
            self.memory(ours, max(run["memory"] for run in runs["ours"]))
        finally:
            for server in [ours, *peers.values()]:
                server.stop()
        kinds = (("ours", "page, no disclosure"), ("disclosed", "page, disclosure committed first"))
        for name in peers:
            for (which, what), goal in zip(kinds, PAGE_GOALS[name]):
                times = ratio(runs[which], runs[name], "rate")
                self.table.add(
                    f"{what} / {name}", f">= {goal}x", load(runs[which]), load(runs[name]),
                    times, times >= goal,
                )
        for which, what in kinds:
            late = median(runs[which], "p99")
            self.table.add(f"p99 of the {what}", "<= 15 ms", f"{late:.1f} ms", met=late <= 15)
            for name in peers:
                times = ratio(runs[which], runs[name], "p99")
                self.table.add(
                    f"p99 of the {what} / {name}", "<= 0.2x", f"{late:.1f} ms",
                    f"{median(runs[name], 'p99'):.0f} ms", times, times <= 0.2,
                )

    def memory(self, server, most):
        self.table.add(
            "memory under the page's load (PSS)", "<= 60 MB", f"{most / 1e6:.1f} MB",
            met=most <= 60e6,
        )
        before = server.memory()
        count = 5000
        clients = []
        for number in range(count):
            # No more than 2,000 from one address are let in.
            address = (f"127.0.0.{2 + number // 1500}", 0)
            client = socket.create_connection(("127.0.0.1", server.port), source_address=address)
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.recv(4096)
            clients.append(client)
        each = (server.memory() - before) / count
        for client in clients:
            client.close()
        self.table.add(
            f"memory of an idle connection, {count:,} of them", "<= 1 kB", f"{each:.0f} B",
            met=each <= 1000,
        )

    def week(self):
        """Pages of the product itself, as the demonstration's people see them."""
        for name, path in (("ben", "/week"), ("ben", "/money"), ("ada", "/today")):
            server = servers.product(self.folder, "/healthz")
            try:
                server.wait()
                server.headers = {"Cookie": servers.sign_in(server.port, name)}
                server.path = path
                size = len(server.page())
                runs = [server.load(self.seconds) for _ in range(self.rounds)]
            finally:
                server.stop()
            late = median(runs, "p99")
            self.table.add(
                f"{name}'s {path} in the demonstration, {size / 1000:.0f} kB, p99", "<= 15 ms",
                load(runs), f"p99 {late:.1f} ms", met=late <= 15,
            )

    def template(self):
        ours = [servers.BENCH, "table"]
        jinja = [sys.executable, os.path.join(servers.PEERS, "jinja_table.py")]

        def told(command, argument):
            return subprocess.run(
                [*command, argument], cwd=servers.ROOT, check=True, capture_output=True, text=True
            ).stdout

        if html.unescape(told(ours, "print")) != html.unescape(told(jinja, "print")):
            raise SystemExit("the two tables say different things")
        seconds = str(self.seconds / 2)
        runs = in_turn(
            self.rounds,
            {
                "ours": lambda: float(told(ours, seconds)),
                "Jinja2": lambda: float(told(jinja, seconds)),
            },
        )
        times = ratio(runs["Jinja2"], runs["ours"])
        self.table.add(
            "template of 100 rows / Jinja2", ">= 25x", f"{median(runs['ours']):.1f} us",
            f"{median(runs['Jinja2']):.0f} us", times, times >= 25,
        )

    def ledger(self):
        postgres = Postgres(os.path.join(self.folder, "postgres"))
        try:
            runs = in_turn(
                self.rounds,
                {
                    "grouped": lambda: self.postings(batch=256),
                    "single": lambda: self.postings(batch=1),
                    "http": self.postings_over_http,
                    "PostgreSQL": lambda: postgres.postings(self.seconds),
                },
            )
        finally:
            postgres.stop()
        rates = {name: f"{median(run):.0f}/s" for name, run in runs.items()}
        times = ratio(runs["grouped"], runs["PostgreSQL"])
        self.table.add(
            "ledger postings, 64 callers, full sync / PostgreSQL with a chain", ">= 5x",
            rates["grouped"], rates["PostgreSQL"], times, times >= 5,
        )
        self.table.add(
            "the same postings over HTTP / PostgreSQL without it", "",
            rates["http"], rates["PostgreSQL"], ratio(runs["http"], runs["PostgreSQL"]),
        )
        times = ratio(runs["grouped"], runs["single"])
        self.table.add(
            "group commit / one commit for each posting", ">= 3x",
            rates["grouped"], rates["single"], times, times >= 3,
        )

    def postings(self, batch):
        """Postings a second in a new store."""
        folder = self.fresh("ledger")
        command = [servers.BENCH, "postings", folder, str(self.seconds), "64", str(batch)]
        told = subprocess.run(
            command, cwd=servers.ROOT, check=True, capture_output=True, text=True
        )
        return float(told.stdout)

    def postings_over_http(self):
        server = servers.ours(self.fresh("ledger"), "/")
        try:
            server.wait()
            return server.load(self.seconds, "post.lua", "/postings")["rate"]
        finally:
            server.stop()

    def fresh(self, name):
        folder = os.path.join(self.folder, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        return folder

    def start(self):
        times = []
        for number in range(max(self.rounds, 5) + 1):
            server = servers.product(self.folder, "/sign-in")
            times.append(server.wait() * 1000)
            server.stop()
        # The first of them may have read the program from the disk.
        first = statistics.median(times[1:])
        self.table.add(
            "start to first page, migrations checked", "<= 50 ms", f"{first:.0f} ms",
            met=first <= 50,
        )


    def communities(self):
        """Many in one process, of which nobody has used most."""
        found = communities.measured(self.fresh("many"), self.rounds)
        count = communities.COUNT
        each = found["closed"]
        self.table.add(
            f"memory of an unused community, {count:,} of them (PSS)", "<= 1 kB", f"{each:.0f} B",
            met=each <= 1000,
        )
        self.table.add("memory of an open one", "", f"{found['open'] / 1e6:.2f} MB")
        first = found["first"]
        self.table.add(
            "first request for an unused community to its page's end", "<= 20 ms",
            f"{first:.1f} ms", f"worst {found['worst']:.0f} ms", met=first <= 20,
        )


ALL = ["plain", "page", "week", "template", "ledger", "start", "communities"]
