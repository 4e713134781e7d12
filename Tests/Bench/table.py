"""The table of figures."""

from measuring import median


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, goal, ours, peer="", ratio=None, met=None):
        """One row, printed at once: the parts take minutes."""
        row = {"what": what, "goal": goal, "ours": ours, "peer": peer, "ratio": ratio, "met": met}
        self.rows.append(row)
        times = "" if ratio is None else f"{ratio:.2f}x"
        verdict = {True: "met", False: "NOT MET", None: ""}[met]
        print(f"{what:<66} {goal:<10} {ours:<25} {peer:<18} {times:>8}  {verdict}", flush=True)

    def count(self, met):
        return sum(row["met"] is met for row in self.rows)


def load(runs):
    """Requests a second, and the processor time of one."""
    return f"{median(runs, 'rate'):.0f}/s ({median(runs, 'processor'):.0f} us)"
