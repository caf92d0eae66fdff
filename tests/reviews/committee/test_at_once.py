"""Two Chairs who press at the same moment: one move, one message, and a word for the other."""

import threading
from html import unescape

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from applicants.models import Application, StageMove
from credentialing.records.models import Letter
from tests import factories
from tests.reviews.committee import made

pytestmark = pytest.mark.django_db(transaction=True)


def pressed(chair):
    """Each move through its page: from which stage, to which address, what is sent."""
    why = {"reason": "The Committee decided so."}
    meeting = {"met_on": made.today().isoformat(), "took_part": [chair.pk]}
    work = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}
    recommendation = why | meeting | {"outcome": "for", "reasons": "Leads with care."}
    work |= {f"form-0-{name}": value for name, value in made.work().items()}
    return {
        "accept": ("submitted", "move", {}),
        "return": ("submitted", "move", why),
        "open-review": ("accepted", "move", {}),
        "recommend": ("under-review", "recommend", recommendation),
        "ask-further-work": ("under-review", "further-work", work),
        "back-to-review": ("further-work", "move", {}),
        "take-back": ("recommended", "move", why),
        "close": ("accepted", "move", why),
        "reopen": ("closed", "move", why),
    }


def test_of_two_who_press_at_once_one_moves_the_case_and_the_other_is_told():
    chairs = [factories.person("chair", name=name) for name in ("Carla Chair", "Dora Chair")]
    clients = [Client(), Client()]
    for client, person in zip(clients, chairs, strict=True):
        client.force_login(person.user)

    found = {}
    for move, (stage, page, sent) in pressed(chairs[0]).items():
        case = made.in_stage(stage, chairs[0])
        words = [case.reference, move] if page == "move" else [case.reference]
        answers = at_once(case, clients, reverse(page, args=words), sent)
        told = sorted((each.status_code, "was already" in page_of(each)) for each in answers)
        letters = Letter.objects.filter(case=case.reference).values_list("kind", "address")
        found[move] = (
            told[-1] == (302, False),
            told[0][1],
            StageMove.objects.filter(application=case, move=move).count(),
            len(letters) == len(set(letters)) > 0,
        )

    assert found == dict.fromkeys(found, (True, True, 1, True))


def at_once(case, clients, address, sent):
    """What two get who send the same at once: both are held at the row until both are there."""
    answers = []

    def press(client):
        answers.append(client.post(address, sent))
        connection.close()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=case.pk)
        for thread in threads:
            thread.start()
        wait_for_two_at_the_lock()
    for thread in threads:
        thread.join()
    return answers


def page_of(answer):
    return unescape(answer.content.decode())


def wait_for_two_at_the_lock():
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    for _each in range(400):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= 2:
                return
        threading.Event().wait(0.05)
    pytest.fail("the two never came to the lock")
