"""The components draw what they are given."""

import re

import pytest
from django import forms
from django.template import engines
from django.utils.html import escape

from credentialing.style_samples import ENTRIES, LINES


def drawn(template, **context):
    source = engines["django"].from_string("{% load components %}" + template)
    return re.sub(r"\s+", " ", source.render(context))


def test_a_drawing_carries_its_title_and_description():
    page = drawn("{% requirement_line entry per_year=6 %}", entry=ENTRIES["sessions-under-way"])

    assert 'role="img"' in page
    assert "<title>8 of 12 sessions</title>" in page
    assert (
        "<desc>8 sessions counted; 2 sessions waiting for confirmation; 2 sessions to do.</desc>"
        in page
    )


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["entry"]["id"])
def test_a_requirement_shows_its_clause_and_what_remains(line):
    page = drawn("{% requirement line %}", line=line)

    assert escape(line["entry"]["clause"]) in page
    assert escape(line["remains"]) in page


def test_the_three_figures_add_up_to_what_is_required():
    line = {"entry": ENTRIES["sessions-under-way"], "title": "Supervision"}

    page = drawn("{% requirement line %}", line=line)

    assert re.findall(r"<dd>(\d+)</dd>", page) == ["8", "2", "2"]


def test_a_state_is_a_word_and_an_icon_and_a_colour():
    page = drawn('{% state "needs-decision" %}')

    assert 'data-state="needs"' in page
    assert "<svg" in page
    assert "Waits for the Committee" in page


def test_a_button_form_asks_first_without_a_script():
    page = drawn('{% button_form "Withdraw" "/go/" "destructive" confirm="Really?" version=3 %}')

    assert "<details" in page
    assert "Really?" in page
    assert '<input type="hidden" name="version" value="3">' in page


class Meeting(forms.Form):
    date = forms.DateField(help_text="Not in the future.")
    note = forms.CharField(required=False)
    where = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])


def test_an_error_is_told_at_its_field_and_in_the_summary():
    page = drawn("{{ form }}", form=Meeting({"date": "yesterday"}))

    assert "2 things need another look" in page
    assert '<a href="#id_date">' in page
    assert '<a href="#id_where_0">' in page
    assert 'aria-describedby="id_date_helptext id_date_error"' in page
    assert 'id="id_date_error"' in page
    assert 'value="yesterday"' in page


def test_what_is_not_asked_for_is_marked_optional():
    page = drawn("{{ form }}", form=Meeting())

    assert page.count("(optional)") == 1


def test_a_table_without_rows_says_so():
    page = drawn('{% include "components/table.html" with caption="Cases" empty="No cases yet." %}')

    assert "No cases yet." in page
    assert "<table" not in page


def test_text_of_people_is_escaped_everywhere():
    hostile = '<img src=x onerror="alert(1)">'
    line = {**LINES[0], "title": hostile, "remains": hostile, "issues": [hostile]}

    page = drawn(
        "{% requirement line %}{% state 'done' hostile %}{% button hostile %}",
        line=line,
        hostile=hostile,
    )

    assert "<img" not in page
