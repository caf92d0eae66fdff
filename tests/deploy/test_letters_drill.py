"""The count at the end of the drill that is `python -m deploy.letters_drill`."""

import pytest

from deploy.letters_drill.sink import letter_id
from deploy.letters_drill.tally import tally


def arrived(*keys):
    return [f"<letter-{key}@localhost>" for key in keys]


def test_a_letter_in_doubt_is_listed_whether_it_arrived_or_not_and_is_not_lost():
    states = {1: "sent", 2: "in-doubt", 3: "in-doubt"}

    became = tally([1, 2, 3], states, arrived(1, 2))

    assert became.doubt == {2: 1, 3: 0}
    assert (became.written, became.once, became.is_well) == (3, 2, True)


def test_what_is_called_sent_and_did_not_arrive_is_lost():
    states = {1: "sent", 2: "sent", 3: "queued", 4: "failed"}

    became = tally([1, 2, 3, 4, 5], states, arrived(1))

    assert (became.lost, became.is_well) == ([2, 3, 4, 5], False)


def test_what_arrived_twice_is_found_also_where_the_letter_is_in_doubt():
    states = {1: "sent", 2: "in-doubt"}

    became = tally([1, 2], states, arrived(1, 2, 2))

    assert (became.twice, became.once, became.is_well) == ([2], 1, False)


def test_two_ids_that_ran_together_are_no_count():
    with pytest.raises(ValueError, match="letter-2"):
        tally([1, 2], {}, ["<letter-1@localhost><letter-2@localhost>"])


def test_the_relay_reads_the_id_as_the_sender_folds_it():
    message = b"Subject: A\r\nMessage-ID: <letter-7@localhost>\r\n\r\nMessage-ID: <other>\r\n"

    assert letter_id(message) == "<letter-7@localhost>"
