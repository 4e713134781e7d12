"""What Kith is for, lived through by the cast: once with JavaScript and once without.

Every page that anyone visits is looked at by axe and measured for a narrow screen (conftest.py).
"""

import re
import sqlite3
import urllib.request


def test_a_visit_is_booked_logged_agreed_and_paid(people, server):
    ben = people("ben").sign_in()
    ada = people("ada", phone=True).sign_in()

    # Ben books a visit, and Ada is told.
    ben.follow("Book a visit")
    ben.fill("What is it?", "Letter writing")
    ben.fill("Which day?", yesterday(ben))
    ben.fill("From", "11:00")
    ben.fill("Until", "12:00")
    ben.fill("Where?", "At home")
    ben.press("Book this visit")
    ben.sees("The visit is written down.")
    ada.open("/notices")
    ada.sees("A visit with Ben is booked")

    # On her phone Ada logs it.
    ada.open("/today")
    card = ada.page.locator("section.card", has_text="Letter writing")
    card.get_by_role("link", name="Log this visit").click()
    ada.look()
    ada.fill("Started", "11:00")
    ada.fill("Ended", "12:00")
    ada.page.get_by_label("Company and a chat").check()
    ada.page.get_by_label("How was Ben?").fill("Bright and full of stories.")
    ada.press("Save and send to Ben")
    ada.sees("Saved and sent.")

    # Ben sees what awaits him, and says that it was a quarter of an hour longer.
    ben.open("/week")
    ben.check("from 11:00")
    ben.sees("Bright and full of stories.")
    ben.page.get_by_text("The time was different").click()
    ben.page.get_by_label("Ended").fill("12:15")
    ben.press("Send the right time")
    ben.sees("Waiting for Ada")
    ben.sees("What it said before")

    # That voided Ada's confirmation; she agrees to the new time.
    ada.open("/today")
    ada.check("Letter writing")
    ada.sees("1 hour 15 minutes")
    ada.press("Yes, that is right")
    ada.sees("You both agree")
    ada.sees("£20.00")

    # The other visit that waits is confirmed as it is.
    ben.open("/week")
    ben.check("from 9:00")
    ben.press("Yes, that is right")
    ben.sees("You both agree")

    # Eve pays what is agreed; pressing twice pays once.
    eve = people("eve").sign_in()
    eve.follow("Payments")
    eve.follow("See what is to be paid")
    eve.press("Yes, pay", exact=False)
    eve.sees("The payments are done.")
    eve.follow("All payments")
    eve.sees("No agreed visits wait to be paid.")

    # Each figure of both statements opens to the visit behind it.
    for person in (ben, ada):
        person.open("/money")
        person.follow("Letter writing", exact=False)
        person.sees("Paid")

    server.stop()
    found = server.run("verify")
    assert found.returncode == 0, found.stdout + found.stderr


def test_money_that_came_in_is_recorded_and_a_mistake_taken_back(people, server):
    eve = people("eve").sign_in()
    eve.follow("Payments")
    eve.follow("Money that came in is recorded under Funds")
    eve.fill("Whose money is it?", "bn")
    eve.press("Open their account")
    eve.sees("Nobody of that name gets support here.")
    eve.follow("Ben Okafor")
    eve.follow("Record money received")

    # What is wrong is said beside it, and what was typed is still there.
    eve.fill("How much came in?", "3,00")
    eve.fill("On which day did it reach the bank?", yesterday(eve))
    eve.fill("What does the bank statement say?", "B OKAFOR REF 4471")
    eve.press("Record this money")
    eve.sees("Check the amount. It should look like 250 or 1,250.00")
    assert eve.page.get_by_label("What does the bank statement say?").input_value() \
        == "B OKAFOR REF 4471"
    eve.fill("How much came in?", "300")
    eve.press("Record this money")
    eve.sees("It is recorded, and they have been told.")
    eve.sees("In the account")
    receipt = eve.page.url

    # The same again is asked about.
    eve.follow("Record more money for them")
    eve.fill("How much came in?", "300")
    eve.fill("On which day did it reach the bank?", yesterday(eve))
    eve.fill("What does the bank statement say?", "B OKAFOR")
    eve.press("Record this money")
    eve.sees("This sum is recorded for this day already.")
    assert not eve.page.get_by_label("It came twice").is_checked()

    ben = people("ben", phone=True).sign_in()
    ben.open("/notices")
    ben.page.get_by_role("link", name="£300.00 was paid in to your account").first.click()
    ben.look()
    ben.sees("B OKAFOR REF 4471")
    assert ben.page.url == receipt
    ben.follow("Back to your money")
    ben.follow("Paid in")

    # It was thirty pounds.
    eve.open(receipt.removeprefix(server.url))
    eve.follow("Something is wrong with it")
    eve.press("Take £300.00 back")
    eve.sees("Say what was wrong, so that they know why it was taken back")
    eve.fill("What was wrong?", "It was £30, not £300.")
    eve.press("Take £300.00 back")
    eve.sees("It is taken back, and they have been told.")
    ben.open("/money")
    ben.follow("Put right")
    ben.sees("It was £30, not £300.")

    # For Ada it is not there.
    ada = people("ada").sign_in()
    assert ada.page.goto(receipt).status == 404

    server.stop()
    found = server.run("verify")
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_facilitator_moves_a_booking_under_a_grant(people, server):
    dot = people("dot").sign_in()
    ben = people("ben").sign_in()

    dot.follow("Helping")
    dot.fill("Their username or email address", "ben")
    dot.press("Ask them")
    dot.sees("Waiting for an answer")
    ben.open("/week")
    ben.follow("See who asks")
    ben.press("Let Dot Achterberg help")
    ben.sees("Allowed until")

    dot.open("/helping")
    dot.follow("Help Ben Okafor now")
    dot.sees("Dot is helping Ben")
    dot.page.get_by_role("link", name="Move this visit").last.click()
    dot.look()
    dot.sees("Dot is helping Ben")
    dot.page.get_by_label("From").fill("15:00")
    dot.page.get_by_label("Until").fill("17:00")
    dot.press("Move it")
    dot.sees("The visit has a new time")
    there = dot.page.url

    ben.open("/record")
    ben.sees("Dot Achterberg")
    ben.sees("Moved a visit")
    ben.sees("with the permission you gave")
    ben.open("/grants")
    ben.press("Stop this now")
    ben.sees("Stopped.")
    assert dot.page.goto(there).status == 403


def test_the_audit_is_read_and_filtered(people):
    eve = people("eve").sign_in()
    eve.follow("Audit")
    everything = eve.page.locator("tbody tr").count()
    eve.fill("Person", "ben")
    eve.page.get_by_label("Kind").select_option("booking")
    eve.press("Show these")
    some = eve.page.locator("tbody tr").count()
    assert 0 < some < everything
    eve.fill("Person", "nobody")
    eve.press("Show these")
    eve.sees("There is nobody of that name here")

    ben = people("ben").sign_in()
    ben.open("/record")
    ben.sees("Ada Whitaker")
    ben.sees("because they give you support")
    ben.follow("Check that nothing was changed")
    ben.sees("Nothing was changed")
    assert ben.open("/audit").status == 403


def test_a_new_person_joins_confirms_signs_in_and_out(people, server):
    freddie = people("freddie")
    freddie.open("/")
    freddie.follow("Join us")
    freddie.fill("Invitation code", "hatstand")
    freddie.press("Continue")
    freddie.sees("That code did not match.")
    assert freddie.page.get_by_label("Invitation code").input_value() == "hatstand"
    freddie.fill("Invitation code", "HATSTAND")
    freddie.press("Continue")
    freddie.page.get_by_label("I would like to get support").check()
    freddie.press("Continue")
    freddie.fill("Postcode", "LS1 1UR")
    freddie.press("Continue")
    assert freddie.heading == "We are not in your area yet"
    freddie.follow("Change my postcode")
    freddie.fill("Postcode", "hx78aa")
    freddie.press("Continue")
    freddie.fill("First name", "Freddie")
    freddie.fill("Last name", "Holt")
    freddie.fill("Email address", "freddie@example.org")
    freddie.fill("Username", "ada")
    freddie.fill("Password", "gate-lamp-77")
    freddie.press("Create my account")
    freddie.sees("Someone already has that username.")
    freddie.fill("Username", "freddie")
    freddie.fill("Password", "gate-lamp-77")
    freddie.press("Create my account")
    assert freddie.heading == "Look in your email"
    freddie.awaits_letter()
    freddie.press("Confirm my email")
    freddie.sees("Your email address is confirmed")
    freddie.page.get_by_label("Username or email address").fill("freddie")
    freddie.page.get_by_label("Password").fill("gate-lamp-77")
    freddie.press("Sign in")
    assert freddie.heading == "Welcome, Freddie"

    # Eve is told what he asks for, and says yes; his first page is another from then on.
    eve = people("eve").sign_in()
    eve.open("/notices")
    eve.page.get_by_role("link", name="Freddie asks to do something here").click()
    eve.look()
    eve.press("Yes, they may")
    eve.sees("You said yes, and they have been told.")
    freddie.open("/hats")
    freddie.sees("What you do")
    freddie.open("/")
    assert freddie.page.url.endswith("/week")
    freddie.page.locator("summary", has_text="Freddie Holt").click()
    freddie.press("Sign out")
    freddie.sees("You are signed out.")
    assert "/sign-in" in freddie.page.goto(server.url + "/welcome").url


def test_a_forgotten_password_is_replaced_by_a_letter(people):
    ben = people("ben")
    ben.open("/sign-in")
    ben.follow("I have forgotten my password")
    ben.fill("Username or email address", "ben")
    ben.press("Send me a link")
    assert ben.heading == "Look in your email"
    ben.awaits_letter()
    ben.fill("New password", "garden-gate-5")
    ben.fill("The same again", "garden-gate-6")
    ben.press("Keep it and sign me in")
    ben.sees("The two passwords are not the same.")
    ben.fill("New password", "garden-gate-5")
    ben.fill("The same again", "garden-gate-5")
    ben.press("Keep it and sign me in")
    ben.sees("Your new password is kept, and you are signed in.")


def test_a_no_is_read_with_its_reason(people):
    eve = people("eve").sign_in()
    eve.follow("Requests")
    eve.follow("Cy Marsh")
    eve.press("Say no")
    eve.sees("Say why not, so that they know what to do next")
    eve.page.get_by_label("Or say why not").fill("We have not met yet.")
    eve.press("Say no")
    eve.sees("You said no, and they have been told why.")
    cy = people("cy").sign_in()
    cy.open("/hats")
    cy.sees("We have not met yet.")


def test_a_wrong_password_is_slowed_and_reveals_nothing(people):
    cy = people("cy")
    cy.open("/sign-in")
    for name in ("ben", "nobody-here", "ben", "ben", "ben", "ben"):
        cy.page.get_by_label("Username or email address").fill(name)
        cy.page.get_by_label("Password").fill("wrong-password-1")
        cy.press("Sign in")
        assert "That name and password did not match" in cy.page.content()
    cy.page.get_by_label("Username or email address").fill("ben")
    cy.page.get_by_label("Password").fill("harbour-lamp-42")
    cy.press("Sign in")
    cy.sees("Try again in 1 minute.")


def test_pages_speak_welsh(people):
    ben = people("ben").sign_in()
    ben.press("Cymraeg")
    assert ben.heading.split(",")[0] in ("Bore da", "Prynhawn da", "Noswaith dda")
    assert ben.page.locator("html").get_attribute("lang") == "cy"
    for path in ("/money", "/team", "/record", "/notices", "/grants", "/bookings/new"):
        ben.open(path)
        assert "." not in ben.heading, "a key instead of words"


def test_pages_hold_on_the_narrowest_screen_and_in_the_dark(people):
    pages = {
        "ada": ["/today", "/people", "/money", "/notices", "/bookings/new"],
        "ben": ["/week", "/team", "/money", "/record", "/grants", "/notices", "/hats"],
        "cy": ["/welcome", "/password-reset"],
        "dot": ["/helping"],
        "eve": ["/audit", "/payment-runs", "/funds", "/hat-requests"],
    }
    # 320 pixels is also what is left of 1280 at four times the size.
    for name, paths in pages.items():
        person = people(name, width=320, scheme="dark").sign_in()
        for path in paths:
            person.open(path)
            links = person.page.locator(
                "main a[href^='/bookings/'], main a[href^='/care-logs/'], main a[href^='/funds/']")
            if links.count():
                person.open(links.first.get_attribute("href"))


def test_the_keyboard_alone_is_enough(people):
    ben = people("ben")
    ben.open("/sign-in")
    ben.page.keyboard.press("Tab")
    assert ben.page.evaluate("document.activeElement.className") == "skip"
    ben.page.keyboard.press("Enter")
    ben.page.keyboard.press("Tab")
    assert ben.page.evaluate("document.activeElement.id") == "name"
    ben.page.keyboard.type("ben")
    ben.page.keyboard.press("Tab")
    ben.page.keyboard.type(ben.server.password)
    ben.page.keyboard.press("Enter")
    ben.page.wait_for_url("**/week")
    # To the button of what waits, and through it.
    for _ in range(30):
        ben.page.keyboard.press("Tab")
        if ben.page.evaluate("document.activeElement.textContent") == "Check and confirm":
            break
    outline = ben.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    ben.page.keyboard.press("Enter")
    ben.page.wait_for_url("**/confirmation")
    for _ in range(30):
        ben.page.keyboard.press("Tab")
        if ben.page.evaluate("document.activeElement.textContent") == "Yes, that is right":
            break
    ben.page.keyboard.press("Enter")
    ben.sees("You both agree")


def test_a_changed_byte_in_the_file_is_named(server):
    server.stop()
    assert server.run("verify").returncode == 0
    path = server.folder / "data/kith.db"
    with sqlite3.connect(path) as data:
        data.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        key, = data.execute(
            "SELECT key FROM ledger_entry WHERE kind = 'care' ORDER BY number LIMIT 1").fetchone()
    data.close()
    whole = path.read_bytes()
    # The row itself, not its index: followed by nothing of a record's head.
    places = [found.start() for found in re.finditer(re.escape(key.encode()), whole)]
    named = []
    for place in places:
        path.write_bytes(whole[:place] + b"C" + whole[place + 1:])
        result = server.run("verify")
        assert result.returncode == 1, f"byte {place} changed unseen"
        named.append(result.stdout)
    assert any("ledger_entry number" in text for text in named), named
    path.write_bytes(whole)
    assert server.run("verify").returncode == 0


def test_metrics_are_what_prometheus_reads(server):
    import subprocess
    text = urllib.request.urlopen(f"{server.url}/metrics", timeout=30).read()
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


def yesterday(person):
    import datetime
    day = datetime.date.today() - datetime.timedelta(days=1)
    return day.isoformat()
