"""Our own books beside the ledger: what was asked, what was acknowledged, what must be there."""

import json
import threading


class Books:
    """What the ledger must hold, whatever happens to the process in between."""

    def __init__(self, random, accounts, first_balances, first_entries):
        self.random = random
        self.accounts = accounts
        self.balances = dict(first_balances)
        self.first_entries = first_entries
        self.lock = threading.Lock()
        self.unanswered = {}
        self.acknowledged = {}
        self.keys = {}
        self.order = []
        self.violations = []
        self.made = 0

    def violated(self, text):
        with self.lock:
            self.violations.append(text)

    def new(self):
        """A key and an entry that nobody asked for before."""
        with self.lock:
            self.made += 1
            key = f"torture-{self.made}-{self.random.getrandbits(48):012x}"
            count = self.random.choice([2, 2, 2, 3, 5])
            accounts = [self.random.choice(self.accounts) for _ in range(count)]
            amounts = [self.random.choice([-1, 1]) * self.random.randint(1, 100000)
                       for _ in range(count - 1)]
            if sum(amounts) == 0:
                amounts[0] += 1
            amounts.append(-sum(amounts))
            if 0 in amounts:
                amounts = [7] * (count - 1) + [-7 * (count - 1)]
            legs = [{"account": account, "amount": amount, "currency": "GBP"}
                    for account, amount in zip(accounts, amounts)]
            self.unanswered[key] = legs
            return key, legs

    def open(self):
        """An entry that was asked for and is not answered yet; or None."""
        with self.lock:
            if not self.unanswered:
                return None
            key = self.random.choice(list(self.unanswered))
            return key, self.unanswered[key]

    def known(self):
        """An entry that was acknowledged, to be asked for again; or None."""
        with self.lock:
            if not self.acknowledged:
                return None
            return self.acknowledged[self.random.choice(self.order[-5000:])]

    def acknowledge(self, key, legs, answer):
        entry = json.loads(answer)
        with self.lock:
            number = entry["id"]
            before = self.keys.get(key)
            if before is not None:
                if self.acknowledged[before][1] != answer:
                    self.violations.append(f"{key}: answered {answer} after another answer")
                return
            if number in self.acknowledged:
                self.violations.append(f"{key}: has the id {number} of another key")
                return
            if entry["legs"] != legs:
                self.violations.append(f"{key}: asked for {legs}, was answered {answer}")
            if number <= self.first_entries:
                self.violations.append(f"{key}: has the id {number} of an older entry")
            self.keys[key] = number
            self.acknowledged[number] = (key, answer)
            self.order.append(number)
            self.unanswered.pop(key, None)
            for leg in legs:
                self.balances[leg["account"]] += leg["amount"]

    def check(self, get, since=0):
        """Holds the ledger, read through the interface, against these books; everything must be
        answered and nobody may be asking. Gives the last number that was read."""
        reading = get("/api/ledger/balances")
        balances = {item["account"]: item["balance"] for item in reading["balances"]}
        if balances != self.balances:
            self.violated(f"balances are {balances}, should be {self.balances}")
        expected = self.first_entries + len(self.acknowledged)
        if reading["entries"] != expected:
            self.violated(f"there are {reading['entries']} entries, should be {expected}")
        last = since
        while True:
            page = get(f"/api/ledger/entries?after={last}&limit=1000")["entries"]
            if not page or page[-1]["id"] <= last:
                break
            for entry in page:
                if entry["id"] != last + 1:
                    self.violated(f"after entry {last} comes {entry['id']}")
                last = entry["id"]
                if last <= self.first_entries:
                    continue
                known = self.acknowledged.get(last)
                if known is None:
                    self.violated(f"entry {last} was never acknowledged")
                elif entry != json.loads(known[1]):
                    self.violated(f"entry {last} is {entry}, was answered as {known[1]}")
        if last != expected:
            self.violated(f"the last entry is {last}, should be {expected}")
        return last
