"""Two worlds: with a draft of the joint assessment, and without. Only the three can tell."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from applicants import access
from applicants.models import Document
from credentialing import matrix
from credentialing.people.models import Relation
from credentialing.records.letters import UNLISTED
from credentialing.records.models import AuditEntry, Letter
from intensives import operations
from intensives.models import Agreement, WrittenAssessment
from tests.factories import ApplicationFactory, candidacy, person, supervision

# What differs with every answer: keys of forms, and nonces.
CHANCE = re.compile(
    r'name="(?:csrfmiddlewaretoken|submission)" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": "[^"]*"'
)


class World:
    """A candidate after the intensive, the three, and one of every other kind of person."""

    def __init__(self):
        today = timezone.localdate()
        self.end = today - timedelta(days=10)
        self.case = ApplicationFactory()
        self.fay, self.flo, self.eve = (person(name=name) for name in ("Fay", "Flo", "Eve"))
        self.row = candidacy(
            self.case.applicant, self.end, (self.fay, self.flo), self.eve, presented=False
        )
        WrittenAssessment.objects.filter(enrolment=self.row).delete()
        running = supervision(self.case.applicant, person(name="Sue"), today)
        access.give(running.supervisor, "supervisor", self.case)
        related = person("chair", "committee")
        Relation.objects.create(
            person=related, applicant=self.case.applicant, kind="supervisor", since=today, source=""
        )
        self.others = {
            "stranger": person(),
            "applicant of another": ApplicationFactory().applicant,
            "candidate": self.case.applicant,
            "supervisor": running.supervisor,
            "committee": person("committee"),
            "chair": person("chair"),
            "recused chair": related,
            "council": person("council"),
            "administrator": person("administrator"),
        }
        self.values = {
            "reference": self.case.reference,
            "enrolment": self.row.pk,
            "intensive": self.row.intensive_id,
            "person": self.case.applicant_id,
            "supervision": running.pk,
            "requirement": "intensive-candidate",
            "group": self.row.small_group_id,
            "to": "candidate",
        }

    def addresses(self):
        """Every page of our own that these values can fill."""
        for route, name, row in matrix.routes():
            path = route
            for place, value in self.values.items():
                path = re.sub(rf"<\w+:{place}>", str(value), path)
            ours = name not in matrix.LIBRARIES and row and not row.is_open
            # A workbook bears the moment at which it was written.
            if ours and "GET" in row.methods and "<" not in path and not path.endswith(".xlsx"):
                yield path

    def reached(self):
        """The pages that each of them reaches, and those of the assessment, which they do not."""
        found = {}
        for kind, who in self.others.items():
            client = Client()
            client.force_login(who.user)
            found[kind] = [
                path
                for path in self.addresses()
                if client.get(path).status_code != 404 or "candidate" in path
            ]
        return found

    def seen(self, pages):
        """What everybody but the three receives, page by page, and what is on record."""
        found = {}
        for kind, who in self.others.items():
            client = Client()
            client.force_login(who.user)
            for path in pages[kind]:
                answer = client.get(path)
                body = b"" if answer.streaming else answer.content
                found[kind, path] = (
                    answer.status_code,
                    CHANCE.sub("", body.decode(errors="replace")),
                )
        found["trail"] = list(AuditEntry.objects.values_list("act", "case", "record"))
        found["letters"] = list(
            Letter.objects.exclude(to__in=[self.fay, self.flo, self.eve])
            .order_by("pk")
            .values_list("kind", "to", "subject")
        )
        found["letters that the office lists"] = Letter.objects.exclude(kind__in=UNLISTED).count()
        found["documents"] = Document.objects.count()
        return found

    def drafts(self):
        """Eve drafts, changes and asks; one agrees, one dissents; both are asked again."""
        at = timezone.now()

        def save(revision, narrative):
            return operations.save_assessment(
                self.row,
                body={"narrative": narrative, "strengths": "Calm.", "needs": ""},
                met_on=self.end,
                revision=revision,
                by=self.eve,
                at=at,
            )

        draft = save(0, "Led well.")
        operations.ask_to_agree(draft, revision=1, by=self.eve, at=at)
        operations.agree(draft, revision=1, by=self.fay, at=at)
        operations.agree(draft, revision=1, dissent="Too kind.", by=self.flo, at=at)
        draft = save(1, "Led very well.")
        operations.ask_to_agree(draft, revision=2, by=self.eve, at=at)
        operations.agree(draft, revision=2, by=self.fay, at=at)


@pytest.mark.django_db
def test_nobody_but_the_three_can_tell_that_there_is_a_draft():
    with time_machine.travel(timezone.now(), tick=False):
        world = World()
        pages = world.reached()  # what a first visit changes is changed now
        without = world.seen(pages)

        world.drafts()
        with_draft = world.seen(pages)

    differing = [key for key in without if without[key] != with_draft[key]]
    assert differing == []
    assert Agreement.objects.count() == 3
    assert Letter.objects.filter(kind__in=UNLISTED).exists()
    assert sum(isinstance(key, tuple) and without[key][0] == 200 for key in without) > 100
