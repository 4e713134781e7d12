"""The servers that are measured: the product, our side of the peers' page, and the peers."""

import html
import http.client
import os
import re
import shutil
import subprocess
import sys
import urllib.parse

import database
from measuring import HERE, Server, free_port

ROOT = os.path.dirname(os.path.dirname(HERE))
PEERS = os.path.join(HERE, "Peers")
PRODUCTS = os.path.join(ROOT, ".build/release")
KITH = os.path.join(PRODUCTS, "kith")
BENCH = os.path.join(PRODUCTS, "kith-bench")


def product(folder, path):
    """Kith itself with its demonstration community."""
    data = os.path.join(folder, "demonstration")
    if not os.path.exists(data):
        seed = [KITH, "seed", "--demo", "--data", data, "--home", ROOT]
        subprocess.run(seed, check=True, stdout=subprocess.DEVNULL)
    command = [KITH, "serve", "--demo", "--data", data, "--home", ROOT, "--port", "{port}"]
    return Server("kith", command, path, log=os.path.join(folder, "kith.log"))


def ours(folder, path="/visits"):
    """The product's engine doing the peers' work."""
    store = os.path.join(folder, "ours.db")
    if not os.path.exists(store):
        database.create(store, ours=True)
    return Server(
        "ours",
        [BENCH, "serve", store, "{port}"],
        path,
        {"Cookie": database.cookie()},
        folder=ROOT,
        log=os.path.join(folder, "ours.log"),
    )


def peers(folder):
    """By name, whichever can be run here."""
    store = os.path.join(folder, "peers.db")
    if not os.path.exists(store):
        database.create(store)
    commands = {
        "FastAPI": "-m uvicorn fastapi_app:app --workers 2 --no-access-log --log-level error"
        " --port {port}",
        "Django": "-m gunicorn django_app:app -w 2 -k gthread --threads 4 -b 127.0.0.1:{port}"
        " --keep-alive 60 --log-level error",
    }
    commands = {name: [sys.executable, *text.split()] for name, text in commands.items()}
    needed = "require('express'); require('nunjucks'); require('better-sqlite3')"
    if shutil.which("node"):
        found = subprocess.run(["node", "-e", needed], capture_output=True, check=False)
        if found.returncode == 0:
            commands["Express"] = ["node", "express_app.js"]
    return {
        name: Server(
            name,
            command,
            "/visits",
            {"Cookie": database.cookie()},
            folder=PEERS,
            environment={"DB": store, "NODE_ENV": "production"},
            log=os.path.join(folder, f"{name}.log"),
        )
        for name, command in commands.items()
    }


def nginx(folder):
    folder = os.path.join(folder, "nginx")
    os.makedirs(os.path.join(folder, "www"))
    with open(os.path.join(folder, "www/hello.txt"), "w") as file:
        file.write("Hello, World!")
    port = free_port()
    settings = os.path.join(folder, "nginx.conf")
    with open(os.path.join(PEERS, "nginx.conf")) as pattern, open(settings, "w") as file:
        file.write(pattern.read().replace("FOLDER", folder).replace("PORT", str(port)))
    return Server("nginx", ["nginx", "-p", folder, "-c", settings], "/hello.txt", port=port)


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
