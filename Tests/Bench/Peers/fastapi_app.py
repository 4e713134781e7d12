"""The page in FastAPI, Jinja2 and sqlite3, on uvicorn with two workers."""

import os
import sqlite3
import time

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

HERE = os.path.dirname(os.path.abspath(__file__))
app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
pages = Environment(
    loader=FileSystemLoader(os.path.join(HERE, "templates")), autoescape=True, auto_reload=False
)
page = pages.get_template("visits.html")
connection = None


def database():
    """One connection a worker, as each worker is one thread."""
    global connection
    if connection is None:
        connection = sqlite3.connect(
            os.environ["DB"], check_same_thread=False, cached_statements=256
        )
        connection.row_factory = sqlite3.Row
    return connection


@app.get("/visits")
async def visits(request: Request):
    data = database()
    session = data.execute(
        "SELECT user, expires FROM session WHERE token = ?", (request.cookies.get("sid", ""),)
    ).fetchone()
    if session is None or session["expires"] < time.time():
        return RedirectResponse("/sign-in", status_code=303)
    user = (session["user"],)
    person = data.execute("SELECT name, email, bio FROM person WHERE id = ?", user).fetchone()
    account = data.execute("SELECT balance FROM account WHERE id = ?", user).fetchone()
    rows = data.execute(
        "SELECT id, at, title, note, status, helper FROM visit"
        " WHERE person = ? ORDER BY at DESC LIMIT 50",
        user,
    ).fetchall()
    return HTMLResponse(page.render(person=person, balance=account["balance"], visits=rows))
