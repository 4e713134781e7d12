"""Many who write at once and never give up on a key."""

import json
import threading
import time

from server import Connection, Gone


class Load:
    """Writers on connections of their own. What got no answer is asked again with its key."""

    def __init__(self, books, port, token, random, writers=24):
        self.books = books
        self.port = port
        self.token = token
        self.random = random
        self.pausing = threading.Event()
        self.ending = threading.Event()
        self.counts = {}
        self.lock = threading.Lock()
        self.busy = set()
        self.slowest = 0.0
        self.threads = [threading.Thread(target=self.work, args=(place,), daemon=True)
                        for place in range(writers)]
        for thread in self.threads:
            thread.start()

    def headers(self, *more):
        return [("Authorization", f"Bearer {self.token}"), *more]

    def count(self, what):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def work(self, place):
        connection = Connection(self.port)
        mine = None
        while not self.ending.is_set():
            with self.lock:
                self.busy.add(place)
            try:
                if mine and mine[0] in self.books.unanswered:
                    self.post(connection, *mine)
                elif self.pausing.is_set():
                    with self.lock:
                        self.busy.discard(place)
                    time.sleep(0.01)
                else:
                    mine = self.one(connection)
            except Gone as gone:
                self.count("no answer" if gone.was_connected else "not there")
                time.sleep(0.02)
            except Exception as error:  # what is no answer of kith's is a finding, not an accident
                self.books.violated(f"a writer met {error!r}")
                connection.close()
        connection.close()

    def one(self, connection):
        """Mostly a new entry, which is given back, to be asked for until it is answered."""
        chance = self.random.random()
        if chance < 0.06:
            self.again(connection, changed=chance < 0.03)
        elif chance < 0.10:
            self.read(connection)
        elif chance < 0.15:
            # Two ask for the same at once, as a program does that was too impatient.
            open_keys = self.books.open()
            if open_keys:
                self.post(connection, *open_keys)
        else:
            return self.books.new()
        return None

    def send(self, connection, key, legs):
        headers = self.headers(("Content-Type", "application/json"), ("Idempotency-Key", key))
        begun = time.monotonic()
        answer = connection.ask("POST", "/api/ledger/entries", headers,
                                json.dumps({"legs": legs}).encode())
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.count(answer[0])
        return answer

    def post(self, connection, key, legs):
        status, headers, body = self.send(connection, key, legs)
        if status == 201:
            self.books.acknowledge(key, legs, body)
        elif status == 503:
            # Honest: nothing was written, or nobody knows; the key will tell.
            if "retry-after" not in headers:
                self.books.violated("503 without Retry-After")
            time.sleep(0.02)
        else:
            self.books.violated(f"{key}: {status} {body}")

    def again(self, connection, changed):
        """A key that was acknowledged answers the same, and refuses another body."""
        known = self.books.known()
        if not known:
            return
        key, answer = known
        legs = json.loads(answer)["legs"]
        if changed:
            legs = [dict(leg, amount=leg["amount"] * 2) for leg in legs]
        status, _, body = self.send(connection, key, legs)
        if status == 503:
            return
        if changed and status != 422 or not changed and (status, body) != (201, answer):
            self.books.violated(f"{key} sent again: {status} {body}, first {answer}")

    def read(self, connection):
        """One reading is consistent, and holds whatever was acknowledged before it was asked."""
        with self.books.lock:
            least = self.books.first_entries + len(self.books.acknowledged)
        status, _, body = connection.ask("GET", "/api/ledger/balances", self.headers())
        self.count(f"read {status}")
        if status == 200:
            reading = json.loads(body)
            if sum(item["balance"] for item in reading["balances"]) != 0:
                self.books.violated(f"a reading does not sum to zero: {reading}")
            if reading["entries"] < least:
                self.books.violated(f"{reading['entries']} entries, {least} were acknowledged")
        elif status != 503:
            self.books.violated(f"balances: {status} {body}")

    def settle(self, seconds=120):
        """Asks again for what got no answer, and returns when nothing is open."""
        self.pausing.set()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.lock:
                busy = bool(self.busy)
            if not busy and not self.books.unanswered:
                return
            time.sleep(0.01)
        self.books.violated(f"{len(self.books.unanswered)} keys got no answer in {seconds} s")

    def go_on(self):
        self.pausing.clear()

    def end(self):
        self.ending.set()
        over = time.monotonic() + 90
        for thread in self.threads:
            thread.join(max(0, over - time.monotonic()))


def reader(port, token):
    """For `Books.check`."""
    connection = Connection(port, 120)

    def get(path):
        status, _, body = connection.ask("GET", path, [("Authorization", f"Bearer {token}")])
        if status != 200:
            raise RuntimeError(f"{path}: {status} {body}")
        return json.loads(body)

    return get
