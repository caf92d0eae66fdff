from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from applicants.models import LogImport, Membership
from tests.applicants import cases
from tests.factories import evening, membership, person

pytestmark = pytest.mark.django_db

HOSTILE = ["", "x", "-1", "0", "9" * 40, "0000-00-00", "1e999", "NaN", "%", "\u202e", "a" * 100_000]
FIELDS = [
    *("name", "profession", "setting", "start", "end", "number", "revision", "description"),
    *("date", "met", "minutes", "cases", "debriefed", "debriefed_minutes", "partners", "again"),
    *("reason", "text", "answer", "kind", "title", "submission", "action", "per_month"),
    *("formal_training", "laboratory_months", "leader_credentialed", "leader-name"),
    *("leader-email", "email", "statement", "consent", "institution"),
    *("first", "until", "every_weeks", "country", "day", "pattern", "weekday", "meets_at"),
    *("usual_minutes", "entry", "order", "default", "group"),
    *("leaders-TOTAL_FORMS", "leaders-INITIAL_FORMS", "leaders-0-person", "leaders-0-start"),
]


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_is_typed_breaks_a_page(client, value, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = cases.filled(person("administrator"))
    group = cases.group(case.applicant, person())
    evening(group, timezone.localdate() - timedelta(days=1))
    membership(person())
    load = LogImport.objects.create(
        applicant=case.applicant,
        name="log.csv",
        heading=["Date", "With"],
        rows=[[2, [value[:300], value[:300]]]],
        columns={"date": "Date", "partners": "With"},
        uploaded_at=timezone.now(),
    )
    client.force_login(case.applicant.user)
    entry = group.meetings.get().pk
    paths = [
        *(reverse("section", args=[key]) for key in cases.ANSWERS),
        *(reverse(name) for name in ("new-group", "log-evening", "documents", "person-search")),
        *(reverse(name) for name in ("repeat-evenings", "several-entries", "import-log")),
        *(reverse(name) for name in ("log-csv", "log-xlsx")),
        reverse("leader-advice", args=[group.pk]),
        reverse("match-import", args=[load.pk]),
        *(reverse(name) for name in ("logs", "memberships", "new-membership", "home")),
        *(reverse(name) for name in ("submit-application", "withdraw-application")),
        reverse("group", args=[group.pk]),
        reverse("add-leader", args=[group.pk]),
        reverse("edit-meeting", args=[entry]),
        reverse("withdraw-meeting", args=[entry]),
        reverse("membership", args=[Membership.objects.get().pk]),
        *(reverse("claim-credit", args=[key]) for key in ("balint-group-member", "co-leading")),
        f"/groups/{'9' * 30}/",
        f"/logs/meetings/{'9' * 30}/",
        f"/documents/{'9' * 30}/",
        f"/office/memberships/{'9' * 30}/",
    ]
    query = dict.fromkeys(("q", "person", "group", "page", "name", "as_of"), value[:2000])
    query |= dict.fromkeys(("entry", "kind", "month", "profession", "start", "end"), value[:2000])

    broken = []
    for path in paths:
        file = SimpleUploadedFile("x.pdf", value.encode() or b"-")
        said = dict.fromkeys(FIELDS, value)
        for answer in (
            client.get(path, query),
            client.post(path, said, query_params=query),
            client.post(path, {**said, "file": file}),
            client.post(path, value.encode(), content_type="application/json"),
        ):
            if answer.status_code >= 500:
                broken.append((path, answer.status_code))

    assert broken == []
