"""Every template compiles and holds nothing that the browser is told to refuse."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

TEMPLATES = settings.BASE_DIR / "templates"
NAMES = sorted(
    str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*") if path.is_file()
)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
HYPERSCRIPT = re.compile(r"\bhx-on\b|javascript:|hx-vals=.js:", re.IGNORECASE)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def markup(name: str) -> str:
    return TAGS.sub("", (TEMPLATES / name).read_text())


@pytest.mark.parametrize("name", NAMES)
def test_every_template_compiles(name):
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_no_template_has_inline_script_style_or_handler(name):
    if "email" in Path(name).parts:
        pytest.skip("a letter has its styles beside it")

    found = [
        pattern.pattern
        for pattern in (INLINE_SCRIPT, INLINE_STYLE, HANDLER, HYPERSCRIPT)
        if pattern.search(markup(name))
    ]

    assert found == []


def test_the_drawings_and_icons_have_no_inline_style():
    from credentialing.templatetags.components import ICONS

    assert not [name for name, shapes in ICONS.items() if "style=" in shapes]
