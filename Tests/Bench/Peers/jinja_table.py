"""Draws the table of a hundred rows with Jinja2: `jinja_table.py SECONDS` or `jinja_table.py print`."""

import os
import sys
import time

import jinja2

HERE = os.path.dirname(os.path.abspath(__file__))
pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(os.path.join(HERE, "templates")),
    autoescape=True,
    trim_blocks=True,
    keep_trailing_newline=True,
)
page = pages.get_template("table.html")
values = {
    "name": "Ben <Calder>",
    "email": "ben@kith.example",
    "visits": [
        {
            "id": 1000 + number,
            "at": f"2026-11-{number % 20 + 10} 09:00",
            "title": f"Shopping & lunch #{number}",
            "note": 'Bring "the <blue> bag" & don\'t forget the list of things',
            "status": "open" if number % 3 == 0 else "confirmed",
            "helper": "Ada O'Neill" if number % 2 == 0 else "Cora Lloyd-Davies",
        }
        for number in range(1, 101)
    ],
}

if sys.argv[1] == "print":
    sys.stdout.write(page.render(**values))
else:
    start = time.perf_counter()
    count = 0
    while time.perf_counter() - start < float(sys.argv[1]):
        for _ in range(20):
            page.render(**values).encode()
        count += 20
    print((time.perf_counter() - start) / count * 1e6)
