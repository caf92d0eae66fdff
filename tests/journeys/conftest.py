"""A real browser, a session for each person, and a real worker beside the live server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page

from deploy import roles
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text()
# Structure is the same in both themes; colours are not.
CHECKS = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
FAULTS = """async checks => (await axe.run(checks)).violations.map(
  fault => fault.id + ": " + fault.nodes.slice(0, 3).map(node => node.html).join(" | ")
)"""
# A click returns before the page that it asks for is there, and going elsewhere then would undo a
# form that was sent. So each page notes that it is being left, or that a part of it is on its way.
LEAVING = """
addEventListener("submit", event => {
  if (!event.defaultPrevented && event.target.method !== "dialog") window.leaving = true;
});
addEventListener("click", event => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || link.download || link.target) return;
  const [there, fragment] = link.href.split("#");
  if (there !== location.href.split("#")[0] || fragment === undefined) window.leaving = true;
});
"""
SETTLED = """() => document.readyState === "complete" && !window.leaving
  && !document.querySelector(".htmx-request")"""
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# Where the screenshots go that a person looks at afterwards; unset, none are taken.
PICTURES = os.environ.get("JOURNEY_PICTURES")


class Visitor:
    """Somebody at a browser of their own. Every page that they end on is looked at with axe."""

    def __init__(self, context: BrowserContext, address: str, who: str, size: str) -> None:
        self.context, self.address, self.who, self.size = context, address, who, size
        context.add_init_script(LEAVING)
        self.page: Page = context.new_page()
        self.seen = 0
        self.is_careful = True  # off where a journey passes pages that another one looks at
        self.looked_at: set[str] = set()

    def goes(self, path: str) -> "Visitor":
        there = self.address + path if path.startswith("/") else path
        try:
            self.page.goto(there)
        except Error as cut:
            if "ERR_ABORTED" not in cut.message:
                raise
            self.page.goto(there)  # the page was just renewing itself, because its work was done
        return self.looks()

    def looks(self) -> "Visitor":
        """Look at the page; once more, where it was just renewing itself."""
        try:
            self.inspects()
        except Error as cut:
            if "context was destroyed" not in cut.message:
                raise
            self.page.wait_for_load_state()
            self.inspects()
        return self

    def inspects(self) -> None:
        """No fault that axe knows, in either theme; nothing wider than the phone; a picture."""
        route = self.page.url.removeprefix(self.address)
        if self.is_careful and route not in self.looked_at:
            self.page.evaluate(AXE)
            for theme, checks in CHECKS.items():
                self.page.emulate_media(color_scheme=theme)
                found = self.page.evaluate(FAULTS, checks)
                assert found == [], f"{self.who} at {route}, {theme}"
            self.page.emulate_media(color_scheme="light")
            self.photograph(route)
            self.looked_at.add(route)

    def photograph(self, route: str) -> None:
        self.seen += 1
        name = "".join(letter if letter.isalnum() else "-" for letter in route.strip("/")) or "home"
        for size, viewport in SIZES.items():
            self.page.set_viewport_size(viewport)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= viewport["width"], f"{self.who} at {route}: {wide} px wide"
            if PICTURES:
                folder = Path(PICTURES) / self.who
                folder.mkdir(parents=True, exist_ok=True)
                self.page.screenshot(
                    path=folder / f"{self.seen:02}-{name[:60]}-{size}.png", full_page=True
                )
        self.page.set_viewport_size(SIZES[self.size])

    def signs_in(self, email: str) -> "Visitor":
        self.context.clear_cookies()
        return self.goes("/account/login/").fills(login=email, password=PASSWORD).presses("Sign in")

    def fills(self, **fields: str) -> "Visitor":
        """Fill fields by their name in the form."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name}']:visible").first
            kind = field.evaluate("field => field.type || field.tagName")
            if kind == "select-one":
                field.select_option(value)
            elif kind == "radio":
                self.page.locator(f"[name='{name}'][value='{value}']").check()
            elif kind == "checkbox":
                field.set_checked(bool(value))
            else:
                field.fill(value)
        return self

    def presses(self, button: str, *, exact: bool = True) -> "Visitor":
        main = self.page.get_by_role("main")
        return self.clicks(main.get_by_role("button", name=button, exact=exact).first)

    def clicks(self, there: Locator) -> "Visitor":
        """Click, wait until what that asks for is there, and look at it."""
        there.click()
        return self.settles()

    def settles(self) -> "Visitor":
        self.page.wait_for_function(SETTLED)
        return self.looks()

    def confirms(self, button: str) -> "Visitor":
        """Press a button that asks once, and press it again where it asks."""
        main = self.page.get_by_role("main")
        main.locator("summary", has_text=button).first.click()
        return self.clicks(main.locator("details[open] button", has_text=button).first)

    def downloads(self, link: str) -> bytes:
        """The file behind a link."""
        with self.page.expect_download() as download:
            self.page.get_by_role("main").get_by_role("link", name=link).first.click()
        return Path(download.value.path()).read_bytes()

    def chooses(self, field: str, label: str) -> "Visitor":
        """The option of a select whose words contain the label."""
        option = self.page.locator(f"select[name='{field}'] option", has_text=label).first
        self.page.locator(f"select[name='{field}']").select_option(option.get_attribute("value"))
        return self

    def attaches(self, name: str, content: bytes, *, field: str = "file") -> "Visitor":
        """Choose a file of this name and content."""
        file = {"name": name, "mimeType": "text/csv", "buffer": content}
        self.page.locator(f"input[name='{field}']").set_input_files(file)  # type: ignore[arg-type]
        return self

    def ticks(self, label: str) -> "Visitor":
        self.page.get_by_label(label).first.check()
        return self

    def follows(self, link: str, *, exact: bool = False) -> "Visitor":
        return self.clicks(self.page.get_by_role("link", name=link, exact=exact).first)

    def reads(self, text: str) -> "Visitor":
        """The page says this."""
        body = " ".join(self.page.locator("body").inner_text().split())
        assert text in body, f"{self.who} at {self.page.url} reads: {body[:1500]}"
        return self

    def reads_not(self, text: str) -> "Visitor":
        body = " ".join(self.page.locator("body").inner_text().split())
        assert text not in body, f"{self.who} at {self.page.url}"
        return self


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Any]:
    """`visitor("Ann")` is a person at a browser of their own; with "phone", at a phone."""
    contexts: list[BrowserContext] = []

    def sits_down(who: str, size: str = "wide") -> Visitor:
        context = browser.new_context(
            base_url=live_server.url, viewport=SIZES[size], reduced_motion="reduce"
        )
        context.set_default_timeout(60_000)  # a dossier takes a while on a busy machine
        contexts.append(context)
        return Visitor(context, live_server.url, who, size)

    yield sits_down
    for context in contexts:
        context.close()


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """A real worker on the test database; its letters lie in the folder that this gives."""
    letters = tmp_path / "letters"
    letters.mkdir()
    address = urlsplit(os.environ["DATABASE_URL"].replace(roles.OWNER, roles.APPLICATION))
    name = connections["default"].settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{name}")),
        "EMAIL_URL": f"filemail:///{letters}",
    }
    command = [
        *(sys.executable, "-m", "celery", "-A", "credentialing", "worker"),
        *("--pool", "solo", "--beat", "--schedule", str(tmp_path / "beat")),
        *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
    ]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    yield letters
    process.terminate()
    process.wait(timeout=20)
