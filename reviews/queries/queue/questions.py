"""The table of the queue: each kind of matter, how it is found, and who deals with it where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from reviews.queries.queue.matters import (
    Item,
    Waiting,
    advice_to_give,
    answers_to_read,
    appeals_to_answer,
    ballots_to_open,
    claims_to_rule_on,
    evaluators_to_assign,
    issues_to_rule_on,
    placements_in_conflict,
    recommendations_to_make,
    reviews_to_open,
    timelines_overdue,
    timelines_to_answer,
    to_accept,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A kind of matter: its name in addresses, its heading, and whether the Committee meets on it.

    What is not for a meeting the Chair does at any time.
    """

    kind: str
    title: Any
    ask: Callable[[Waiting], Iterable[Item]]
    in_meeting: bool = False


QUESTIONS = (
    Question(kind="accept", title=gettext_lazy("Applications to accept"), ask=to_accept),
    Question(
        kind="claims",
        title=gettext_lazy("Claims to rule on"),
        ask=claims_to_rule_on,
        in_meeting=True,
    ),
    Question(
        kind="issues",
        title=gettext_lazy("Questions to rule on"),
        ask=issues_to_rule_on,
        in_meeting=True,
    ),
    Question(
        kind="evaluators", title=gettext_lazy("Evaluators to assign"), ask=evaluators_to_assign
    ),
    Question(
        kind="conflicts",
        title=gettext_lazy("Placements in conflict"),
        ask=placements_in_conflict,
    ),
    Question(kind="answers", title=gettext_lazy("Answers to read"), ask=answers_to_read),
    Question(kind="reviews", title=gettext_lazy("Reviews to open"), ask=reviews_to_open),
    Question(kind="timelines", title=gettext_lazy("Timelines to answer"), ask=timelines_to_answer),
    Question(
        kind="overdue",
        title=gettext_lazy("Deadlines missed"),
        ask=timelines_overdue,
        in_meeting=True,
    ),
    Question(kind="advice", title=gettext_lazy("Advice to give"), ask=advice_to_give),
    Question(
        kind="recommend",
        title=gettext_lazy("Recommendations to make"),
        ask=recommendations_to_make,
        in_meeting=True,
    ),
    Question(kind="ballots", title=gettext_lazy("Ballots to open"), ask=ballots_to_open),
    Question(
        kind="appeals",
        title=gettext_lazy("Appeals to answer"),
        ask=appeals_to_answer,
        in_meeting=True,
    ),
)
