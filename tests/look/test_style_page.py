"""The style page in a real browser: nothing for axe to say, and nothing beyond the edge of a phone.

The page is rendered here and handed to the browser together with the static files; no server runs.
"""

import mimetypes

import pytest
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles import finders

from credentialing.records import society
from credentialing.style import style

SITE = "http://look.example"
AXE = (settings.BASE_DIR / "tests" / "vendor" / "axe.min.js").read_text()
DIRECTIVES = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
POLICY = "; ".join(f"{name} {' '.join(map(str, sources))}" for name, sources in DIRECTIVES.items())
BEYOND_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def style_page(rf):
    """The style page as a visitor gets it."""
    request = rf.get("/style/")
    request._messages = CookieStorage(request)
    request.society = society.first()  # this page asks no database
    return style(request).content


@pytest.fixture
def opened(browser, style_page):
    """Opens the page in a window of this width and theme, every disclosure open."""
    contexts = []

    def answer(route):
        path = route.request.url.removeprefix(SITE)
        if path == "/style/":
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=style_page, content_type="text/html", headers=headers)
            return
        file = finders.find(path.removeprefix("/static/"))
        if file:
            route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])
        else:
            route.fulfill(status=404)

    def open_page(width, theme, *, script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.refused = []
        page.on("console", lambda said: page.refused.append(said.text))
        page.route("**/*", answer)
        page.goto(f"{SITE}/style/")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_the_style_page_shows_every_component(style_page):
    shown = style_page.decode()

    assert "Two supervision sessions" in shown
    assert 'class="requirement"' in shown


@pytest.mark.journey
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(opened, width, theme):
    page = opened(width, theme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]

    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


@pytest.mark.journey
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_stands_beyond_the_edge(opened, direction):
    page = opened(320, "light")

    page.evaluate(f"document.documentElement.dir = '{direction}'")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    assert page.evaluate(BEYOND_THE_EDGE) == 0


@pytest.mark.journey
def test_text_40_percent_longer_has_room(opened):
    page = opened(390, "light")

    page.evaluate("document.documentElement.style.fontSize = '140%'")

    assert page.evaluate(BEYOND_THE_EDGE) == 0


@pytest.mark.journey
def test_the_browser_refuses_nothing_of_the_page(opened):
    page = opened(1280, "light")

    refused = [said for said in page.refused if "Content Security Policy" in said or "404" in said]

    assert refused == []


@pytest.mark.journey
def test_the_mistakes_take_the_focus(opened):
    page = opened(1280, "light")

    assert page.evaluate("document.activeElement.className") == "error-summary"


@pytest.mark.journey
def test_a_queue_is_walked_with_j_and_k(opened):
    page = opened(1280, "light")
    page.evaluate("document.activeElement.blur()")

    for key in "jjk":
        page.keyboard.press(key)

    here = page.evaluate("document.activeElement.closest('li').textContent")
    assert "Supervision year of Łukasz Żółć" in here
