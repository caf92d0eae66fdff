"""The colours can be read: every pair that meets on a page, in both themes."""

import re

import pytest
from django.conf import settings

SHEETS = settings.BASE_DIR / "static" / "css"
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6})\b")
TEXT, SHAPE = 4.5, 3.0

GROUNDS = ("paper", "paper-raised", "paper-sunk")
STATES = ("done", "progress", "needs", "idle", "wrong")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft") for ground in GROUNDS),
    *(
        (accent, ground, TEXT)
        for accent in ("accent", "accent-strong")
        for ground in (*GROUNDS, "accent-wash")
    ),
    *((state, ground, TEXT) for state in STATES for ground in (*GROUNDS, f"{state}-wash")),
    *(("ink", f"{state}-wash", TEXT) for state in ("accent", *STATES)),
    *(("ink-soft", f"{state}-wash", TEXT) for state in ("accent", "idle", "needs")),
    ("accent", "needs-wash", TEXT),
    ("accent", "wrong-wash", SHAPE),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-wrong", "wrong", TEXT),
    *(("edge", ground, SHAPE) for ground in ("paper", "paper-raised")),
]


def themes():
    sheet = (SHEETS / "tokens.css").read_text()
    light, dark = sheet.split("@media screen and (prefers-color-scheme: dark)")
    first = dict(TOKEN.findall(light))
    return {"light": first, "dark": {**first, **dict(TOKEN.findall(dark))}}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_stands_on_a_ground_can_be_read(theme, ink, ground, least):
    tokens = themes()[theme]

    assert contrast(tokens[ink], tokens[ground]) >= least


def test_both_themes_set_the_same_colours():
    sheet = (SHEETS / "tokens.css").read_text()
    light, dark = sheet.split("@media screen and (prefers-color-scheme: dark)")

    assert set(dict(TOKEN.findall(light))) == set(dict(TOKEN.findall(dark)))


@pytest.mark.parametrize("sheet", ["base", "layout", "components", "forms", "drawing"])
def test_the_sheets_take_their_colours_from_the_tokens(sheet):
    text = (SHEETS / f"{sheet}.css").read_text()

    assert set(re.findall(r"#[0-9a-f]{3,8}\b", text)) <= {"#ffffff"}


@pytest.mark.parametrize("sheet", ["base", "layout", "components", "forms", "drawing"])
def test_every_token_that_is_used_is_set(sheet):
    given = set(re.findall(r"--([a-z0-9-]+):", (SHEETS / "tokens.css").read_text()))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", (SHEETS / f"{sheet}.css").read_text()))

    assert used - given <= {"state", "state-wash"}


def test_the_fonts_that_are_named_are_there():
    missing = [
        name
        for sheet in ("fonts", "print-fonts")
        for name in re.findall(r'url\("\.\./(.+?)"\)', (SHEETS / f"{sheet}.css").read_text())
        if not (settings.BASE_DIR / "static" / name).is_file()
    ]

    assert missing == []
