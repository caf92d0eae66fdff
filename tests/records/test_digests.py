"""Daily letters: each thing once, one letter a day, however the sweep comes."""

import re
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Thread

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from applicants import access
from applicants.access import Can
from credentialing import post
from credentialing.people.operations import choose_letters
from credentialing.records import digests, letters
from credentialing.records.models import AuditEntry, Letter
from credentialing.records.refusals import Refused
from credentialing.tasks import gather_letters, send_letters
from tests.factories import ApplicationFactory, PersonFactory, person

pytestmark = pytest.mark.django_db
MAY_WAIT, AT_ONCE = "submitted", "question"
NOON = datetime(2027, 3, 10, 17, 0, tzinfo=UTC)  # in New York


@pytest.fixture(autouse=True)
def nobody_rings(monkeypatch):
    monkeypatch.setattr(letters, "ring", lambda: None)


@pytest.fixture
def reader():
    return PersonFactory(letters_daily=True)


def letter(to, kind=MAY_WAIT, at=None, **fields):
    number = Letter.objects.count()
    words = {"subject": f"Subject {number}", "text": f"Text {number}.", "link": f"/at/{number}/"}
    letters.write(kind, to, occasion=number, **(words | fields))
    made = Letter.objects.latest("pk")
    if at:
        Letter.objects.filter(pk=made.pk).update(written_at=at)
    return made


def gathered():
    """Each daily letter's subject with the keys that it carries."""
    found = Letter.objects.filter(kind="digest").order_by("pk")
    return [(one.subject, sorted(one.carried.values_list("pk", flat=True))) for one in found]


def states(*made):
    return [Letter.objects.get(pk=one.pk).state for one in made]


def test_only_what_may_wait_waits_and_only_for_who_chose_so(reader):
    other = PersonFactory()
    waits = letter(reader)
    leaves = [
        letter(reader, AT_ONCE),
        letter(other),
        letter(reader, secret_link=True),
        letter(reader, address="elsewhere@example.org"),
    ]

    assert states(waits, *leaves) == ["waiting", *["queued"] * 4]


def test_what_was_written_before_the_hour_goes_with_one_letter(reader):
    first = letter(reader, at=NOON - timedelta(hours=10))
    second = letter(reader, at=NOON - timedelta(hours=6))
    late = letter(reader, at=NOON - timedelta(hours=4))

    digests.gather(at=NOON)

    assert gathered() == [("Your letters of 10 March 2027", [first.pk, second.pk])]
    assert states(first, late) == ["waiting", "waiting"]


@pytest.mark.parametrize(
    ("moment", "hour"),
    [
        # New York goes to summer time on 14 March 2027, and back on 7 November.
        (datetime(2027, 3, 14, 10, 59, tzinfo=UTC), datetime(2027, 3, 13, 12, 0, tzinfo=UTC)),
        (datetime(2027, 3, 14, 11, 0, tzinfo=UTC), datetime(2027, 3, 14, 11, 0, tzinfo=UTC)),
        (datetime(2027, 11, 7, 11, 59, tzinfo=UTC), datetime(2027, 11, 6, 11, 0, tzinfo=UTC)),
        (datetime(2027, 11, 7, 12, 0, tzinfo=UTC), datetime(2027, 11, 7, 12, 0, tzinfo=UTC)),
    ],
)
def test_the_hour_is_the_societys(moment, hour):
    assert digests.last_hour(moment) == hour


def test_sweeps_that_come_late_early_and_twice_carry_each_thing_once(reader):
    """Forty days, letters at any minute, sweeps at any, some days none: held against counting."""
    rng = Random(7)
    begin = datetime(2027, 3, 1, 5, 0, tzinfo=UTC)
    written = sorted(begin + timedelta(minutes=rng.randrange(40 * 24 * 60)) for _ in range(60))
    still = {5, 6, 7, 20}
    sweeps = sorted(begin + timedelta(minutes=rng.randrange(41 * 24 * 60)) for _ in range(300))
    sweeps = [one for one in sweeps if (one - begin).days not in still]
    sweeps += [begin + timedelta(days=42)]
    made = {}

    for moment in sorted([*written, *sweeps]):
        if moment in written:
            one = letter(reader, at=moment)
            made[one.pk] = moment
        if moment in sweeps:
            for _ in range(rng.choice([1, 2])):
                digests.gather(at=moment)

    expected = {}
    for key, moment in made.items():
        sweep = next(one for one in sweeps if digests.last_hour(one) > moment)
        day = timezone.localdate(digests.last_hour(sweep))
        expected.setdefault(day, []).append(key)
    found = [keys for _subject, keys in gathered()]
    assert found == [keys for _day, keys in sorted(expected.items())]
    assert len(expected) > 20


def test_what_was_committed_after_the_days_letter_goes_with_the_next(reader):
    letter(reader, at=NOON - timedelta(days=1))
    digests.gather(at=NOON)
    belated = letter(reader, at=NOON - timedelta(hours=8))

    digests.gather(at=NOON + timedelta(hours=1))
    same_day = len(gathered())
    digests.gather(at=NOON + timedelta(days=1))

    assert same_day == 1
    assert gathered()[1][1] == [belated.pk]


def test_a_sweep_that_is_killed_in_the_middle_leaves_nothing_half(reader, monkeypatch):
    waits = letter(reader, at=NOON - timedelta(days=1))

    write = letters.write

    def dies(*arguments, **more):
        write(*arguments, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(letters, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        digests.gather(at=NOON)
    monkeypatch.setattr(letters, "write", write)
    after = gathered()
    digests.gather(at=NOON)

    assert after == []
    assert [keys for _subject, keys in gathered()] == [[waits.pk]]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_one_letter():
    readers = [PersonFactory(letters_daily=True) for _ in range(3)]
    made = [letter(one, at=NOON - timedelta(days=1)) for one in readers * 4]

    def work():
        try:
            digests.gather(at=NOON)
        finally:
            connections.close_all()

    sweeps = [Thread(target=work) for _ in range(4)]
    for one in sweeps:
        one.start()
    for one in sweeps:
        one.join()

    carried = [key for _subject, keys in gathered() for key in keys]
    assert len(gathered()) == 3
    assert sorted(carried) == [one.pk for one in made]


def test_a_daily_letter_says_each_thing_with_its_link_and_is_sent_once(reader, settings):
    first, second = (letter(reader, at=NOON - timedelta(days=1)) for _ in range(2))
    digests.gather(at=NOON)

    send_letters()
    send_letters()

    [sent] = mail.outbox
    for part in (sent.body, sent.alternatives[0][0]):
        for one in (first, second):
            assert one.subject in part
            assert one.text in part
            assert settings.SITE_URL + one.link in part
        assert settings.SITE_URL + reverse("my-letters") in part
    assert states(first, second) == ["sent", "sent"]
    assert Letter.objects.get(pk=first.pk).sent_at is not None


def test_each_thing_in_a_daily_letter_is_asked_the_permission_again():
    case, sue = ApplicationFactory(), person()
    choose_letters(sue, daily=True, language="", by=sue)
    sue.refresh_from_db()
    access.give(sue, "supervisor", case)
    words = {"case": case.reference, "needs": Can.FOLLOW, "at": NOON - timedelta(days=1)}
    hidden, other = letter(sue, **words), letter(sue, at=NOON - timedelta(days=1))
    digests.gather(at=NOON)
    access.take(sue, "supervisor", case)

    send_letters()

    [sent] = mail.outbox
    assert (hidden.subject in sent.body, other.subject in sent.body) == (False, True)
    assert states(hidden, other) == ["held", "sent"]


def test_a_daily_letter_of_which_nothing_is_left_is_not_sent():
    case, sue = ApplicationFactory(), person()
    choose_letters(sue, daily=True, language="", by=sue)
    sue.refresh_from_db()
    access.give(sue, "supervisor", case)
    letter(sue, case=case.reference, needs=Can.FOLLOW, at=NOON - timedelta(days=1))
    digests.gather(at=NOON)
    access.take(sue, "supervisor", case)

    send_letters()

    assert mail.outbox == []
    assert set(Letter.objects.values_list("state", flat=True)) == {"held"}


def test_who_goes_back_to_letters_at_once_gets_what_waits(reader):
    waits = letter(reader)

    choose_letters(reader, daily=False, language="", by=reader)
    send_letters()

    assert states(waits) == ["sent"]
    assert [one.act for one in AuditEntry.objects.all()] == ["letters.at-once"]


def test_a_letter_that_an_act_wrote_while_its_reader_changed_their_mind_does_not_wait(reader):
    choose_letters(reader, daily=False, language="", by=reader)
    waits = letter(reader)  # by the record of the reader as the act had read it

    gather_letters()

    assert states(waits) == ["queued"]


def test_nobody_chooses_for_somebody_else(reader):
    with pytest.raises(Refused):
        choose_letters(reader, daily=False, language="", by=PersonFactory())


def test_a_failed_daily_letter_and_what_it_carries_are_one(reader):
    office = person("administrator")
    client = Client()
    client.force_login(office.user)
    carried = letter(reader, at=NOON - timedelta(days=1))
    digests.gather(at=NOON)
    daily = Letter.objects.get(kind="digest")

    def move(one, act):
        return client.post(reverse("move-letter", args=[one.pk, act])).status_code

    alone = move(carried, "hold")
    send_letters()
    noted = client.post(reverse("letter", args=[daily.pk]), {"bounce": "full"})
    came_back = (noted.status_code, *states(daily, carried))
    again = (move(daily, "resend"), *states(daily, carried))
    send_letters()

    assert alone == 409
    assert came_back == (302, "failed", "waiting")
    assert again == (302, "queued", "waiting")
    assert states(daily, carried) == ["sent", "sent"]
    assert len(mail.outbox) == 2


def test_the_outbox_says_what_waits_and_hides_a_letter_of_hidden_things():
    office = person("administrator")
    client = Client()
    client.force_login(office.user)
    own = ApplicationFactory(applicant=office)
    chair, reader = (PersonFactory(letters_daily=True) for _ in range(2))
    letter(chair, case=own.reference, at=NOON - timedelta(days=1))
    carried = letter(reader, at=NOON - timedelta(days=1))
    digests.gather(at=NOON)
    waits = letter(reader)

    answer = client.get(reverse("letters"))

    shown = [row[0].to for row in answer.context["rows"]]
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    assert shown == [reader] * 3
    assert page.count("In the daily letter of") == 1
    assert states(carried, waits) == ["waiting", "waiting"]


def test_a_person_chooses_on_their_page():
    ann = person()
    client = Client()
    client.force_login(ann.user)

    answers = []
    for daily in ("1", "1", "0", "x"):
        answer = client.post(reverse("my-letters"), {"daily": daily, "language": "en-us"})
        ann.refresh_from_db()
        answers.append((answer.status_code, ann.letters_daily))

    assert answers == [(302, True), (302, True), (302, False), (200, False)]
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["letters.daily", "letters.at-once"]


def test_a_letter_in_the_middle_of_being_sent_keeps_what_it_carries(reader):
    """A sender that dies: in doubt, and so is what it carries, until somebody looks."""
    carried = letter(reader, at=NOON - timedelta(days=1))
    digests.gather(at=NOON)
    daily = post._claim()
    Letter.objects.filter(pk=daily.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    send_letters()
    doubt = states(daily, carried)
    digests.gather(at=NOON + timedelta(days=1))

    assert (doubt, mail.outbox) == (["in-doubt", "waiting"], [])
    assert len(gathered()) == 1
