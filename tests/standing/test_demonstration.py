"""The applicants of the demonstration: what home shows of each is what the assessment says."""

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application
from credentialing import demonstration
from credentialing.rules import assess, words
from credentialing.standing.queries import foresee, standing
from credentialing.templatetags.components import requirement

pytestmark = pytest.mark.django_db
CASES = 10


def test_every_figure_on_home_is_the_assessments(client):
    today = timezone.localdate()
    demonstration.make(cases=CASES, seed=7, today=today)
    foreseen = 0

    for case in Application.objects.select_related("applicant"):
        client.force_login(case.applicant.user)
        now = standing(case, today)
        entries = assess(now.procedure, now.facts, today).as_data()["requirements"]

        page = client.get(reverse("home")).context

        assert [line["entry"] for line in page["lines"]] == entries
        assert page["sentence"] == words.summary(now.data, now.procedure)
        for entry, line in zip(entries, page["lines"], strict=True):
            shown = requirement(line)
            spared = entry["status"] in ("waived", "not-applicable")
            remaining = 0 if spared else entry["remaining"]
            assert shown["waiting"] + shown["to_do"] == remaining
        if page["foreseen"]:
            foreseen += 1
            day = foresee([now])[0].day
            assert day is None or f"{day:%B %Y}" in page["foreseen"]["ready"] or day == today

    assert Application.objects.count() >= CASES
    assert foreseen > CASES // 2
