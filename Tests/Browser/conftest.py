"""A real server with the demonstration community, and real Chromium to drive it."""

import os
import pathlib
import re
import socket
import subprocess
import time
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("KITH_PROGRAM", str(ROOT / ".build/release/kith"))
PICTURES = ROOT / "Tests/Browser/pictures"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`kith serve --demo` over a data folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process = None
        self.password = None

    def start(self):
        self.log = open(self.folder / "log.txt", "ab")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--demo", "--data", str(self.folder / "data"),
             "--port", str(self.port), "--home", str(ROOT)],
            stdout=self.log, stderr=subprocess.STDOUT)
        for _ in range(600):
            assert self.process.poll() is None, (self.folder / "log.txt").read_text()[-4000:]
            try:
                if urllib.request.urlopen(f"{self.url}/readyz", timeout=5).status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        else:
            raise AssertionError("the server did not become ready")
        # It serves first and prints the sign-ins then.
        for _ in range(100):
            printed = re.search(r"password (\S+)", (self.folder / "log.txt").read_text())
            if printed:
                break
            time.sleep(0.05)
        self.password = printed[1]
        return self

    def stop(self):
        """At the latest its grace and the time that stores may take later."""
        self.process.terminate()
        assert self.process.wait(70) == 0
        self.log.close()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(60)

    def run(self, *words):
        return subprocess.run(
            [PROGRAM, *words, "--data", str(self.folder / "data")],
            capture_output=True, text=True, cwd=ROOT, timeout=120)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture()
def server(tmp_path):
    running = Server(tmp_path)
    try:
        yield running.start()
        if running.process.poll() is None:
            running.stop()
    finally:
        running.kill()


class Person:
    """Someone at a browser, who finds things by what is written on them."""

    def __init__(self, server, context, name):
        self.server = server
        self.page = context.new_page()
        self.name = name
        self.pictures = 0
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text)
            if message.type == "error" and "status of 4" not in message.text else None)

    def open(self, path):
        answer = self.page.goto(self.server.url + path)
        self.look()
        return answer

    def sign_in(self):
        self.open("/sign-in")
        self.page.get_by_label("Username or email address").fill(self.name)
        self.page.get_by_label("Password").fill(self.server.password)
        self.press("Sign in")
        return self

    def press(self, name, exact=True):
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.look()

    def follow(self, name, exact=True):
        self.page.get_by_role("link", name=name, exact=exact).first.click()
        self.look()

    def check(self, visit):
        """Opens what waits for an answer. By what it says: in the evening one more waits."""
        card = self.page.locator("section", has_text=visit)
        card.get_by_role("link", name="Check and confirm").click()
        self.look()

    def fill(self, label, text):
        self.page.get_by_label(label, exact=True).fill(text)

    def sees(self, text):
        found = self.page.get_by_text(text).first
        found.wait_for(state="visible")

    def awaits_letter(self):
        """It comes within moments of what asked for it."""
        letter = self.page.get_by_role("link", name="Open the link")
        self.follow("Read it here")
        for _ in range(120):
            if letter.count():
                break
            self.page.wait_for_timeout(250)
            self.page.reload()
        letter.first.click()
        self.look()

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()

    def look(self):
        """Every page that anyone visits is sound: for axe, for a narrow screen, for the eye."""
        self.page.wait_for_load_state()
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.page.title().strip(), self.page.url
        assert not self.errors, (self.page.url, self.errors)
        width = self.page.evaluate(
            "[document.documentElement.scrollWidth, window.innerWidth]") if self.js else [0, 0]
        assert width[0] <= width[1], f"{self.page.url} scrolls sideways: {width}"
        if self.js:
            found = Axe().run(self.page)
            assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        if os.environ.get("KITH_PICTURES"):
            PICTURES.mkdir(exist_ok=True)
            self.pictures += 1
            name = re.sub(r"[^a-z0-9]+", "-", self.page.title().lower()).strip("-")
            size = self.page.viewport_size["width"]
            self.page.screenshot(
                path=PICTURES / f"{self.name}-{self.pictures:02}-{name}-{size}.png",
                full_page=True)


@pytest.fixture(params=["with-javascript", "without-javascript"])
def people(request, server, chromium):
    """Makes people at browsers: `people("ada", phone=True)`."""
    js = request.param == "with-javascript"
    contexts = []

    def make(name, phone=False, language="en-GB", width=None, scheme="light"):
        context = chromium.new_context(
            java_script_enabled=js,
            viewport={"width": width or (390 if phone else 1280), "height": 844},
            color_scheme=scheme,
            has_touch=phone,
            locale=language)
        contexts.append(context)
        person = Person(server, context, name)
        person.js = js
        return person

    yield make
    for context in contexts:
        context.close()
