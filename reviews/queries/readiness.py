"""Questions that a move asks of the rules: what is unmet, what was presented, what lapsed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, Ruling, Stage
from applicants.stages import STEPS, Move
from credentialing.rules import Procedure, words
from credentialing.rules.measures import FinalIntensive
from credentialing.standing.queries import Standing

SETTLED = frozenset({"met", "waived", "not-applicable"})
NOT_PRESENTED = "assessment-not-presented"
GAP = "membership-gap"
# What the history of a case says of moves whose reasons only the Committee and the Council read.
CONFIDENTIAL = "–"


def unmet(standing: Standing) -> list[str]:
    """The ids of the requirements that keep a case from being ready, in the procedure's order."""
    return [
        requirement.id
        for requirement in standing.procedure.requirements
        if requirement.strength == "must"
        and standing.entries[requirement.id]["status"] not in SETTLED
    ]


def not_named(application: Application, wanted: list[str], *, day: date) -> list[str]:
    """Those of the wanted requirements that the best ruling of equivalence in force leaves out.

    One ruling has to name them all; where there is none, nothing is named.
    """
    rulings = Ruling.objects.filter(
        application=application, kind=Ruling.Kind.EQUIVALENCE, ruled_on__lte=day
    ).exclude(revocation__revoked_on__lte=day)
    left = [
        [each for each in wanted if each not in ruling.terms.get("requirements", [])]
        for ruling in rulings.order_by("pk")
    ]
    return min(left, key=len, default=list(wanted))


def is_presented(procedure: Procedure, assessment: Mapping[str, Any]) -> bool:
    """Whether the joint assessment was presented to candidate and Committee, by an assessment.

    Where the final intensive is waived, or the procedure has none, nothing has to be presented.
    """
    entries = {entry["id"]: entry for entry in assessment["requirements"]}
    for requirement in procedure.requirements:
        entry = entries.get(requirement.id)
        if entry is None or entry["status"] == "waived":
            continue
        if any(issue["code"] == NOT_PRESENTED for issue in entry["issues"]):
            return False
        if isinstance(requirement.measure, FinalIntensive) and not entry["done"]:
            return False
    return True


def gaps(standing: Standing) -> list[dict[str, str]]:
    """The gaps of membership that the Committee has not ruled on, as the rules put them."""
    return [
        issue
        for entry in standing.entries.values()
        if entry["decision_due"]
        for issue in entry["issues"]
        if issue["code"] == GAP
    ]


def next_move(now: Standing) -> dict[str, Any] | None:
    """The move that leads the case on and, one by one, what it needs: there, or why not yet."""
    needs = NEEDS.get(Stage(now.application.stage))
    if needs is None:
        return None
    move, asked = needs
    tasks = asked(now)
    return {
        "label": STEPS[move].label,
        "tasks": tasks,
        "possible": all(task["state"] == "done" for task in tasks),
    }


def _there(label: str, *, done: bool, lacking: str, hint: str = "") -> dict[str, str]:
    return {
        "label": label,
        "state": "done" if done else "needs",
        "word": _("There") if done else lacking,
        "hint": "" if done else hint,
    }


def _to_accept(now: Standing) -> list[dict[str, str]]:
    confirmed = not now.application.membership_unconfirmed
    return [
        _there(_("The application is submitted"), done=True, lacking=""),
        {
            "label": _("The membership is on record"),
            "state": "done" if confirmed else "progress",
            "word": _("There") if confirmed else _("Not confirmed yet"),
            "hint": "" if confirmed else _("You can accept all the same; the office looks it up."),
        },
    ]


def _to_review(now: Standing) -> list[dict[str, str]]:
    open_ = unmet(now)
    if not open_:
        return [_there(_("Every requirement is met"), done=True, lacking="")]
    named = set(open_) - set(not_named(now.application, open_, day=now.as_of))
    found = []
    for each in open_:
        entry = now.entries[each]
        covered = each in named
        asked = " ".join(map(now.issue, entry["issues"]))
        found.append(
            {
                "label": words.name(each)[:1].upper() + words.name(each)[1:],
                "state": "done" if covered else "needs" if entry["decision_due"] else "idle",
                "word": _("Equivalent training")
                if covered
                else _("A question to rule on")
                if entry["decision_due"]
                else words.STATUSES[entry["status"]],
                "hint": words.remains(entry) if entry["remaining"] else asked,
            }
        )
    return found


def _to_recommend(now: Standing) -> list[dict[str, str]]:
    lapsed = gaps(now)
    return [
        _there(
            _("The joint assessment is presented to candidate and Committee"),
            done=is_presented(now.procedure, now.data),
            lacking=_("Not yet"),
            hint=_("The evaluator presents it."),
        ),
        _there(
            _("The membership holds"),
            done=not lapsed,
            lacking=_("To be ruled on"),
            hint=" ".join(
                [
                    *map(now.issue, lapsed),
                    _("Rule on it, or acknowledge it with the recommendation."),
                ]
            ),
        ),
    ]


def _to_ballot(now: Standing) -> list[dict[str, str]]:
    lapsed = gaps(now)
    return [
        _there(_("The recommendation is recorded"), done=True, lacking=""),
        _there(
            _("The membership holds"),
            done=not lapsed,
            lacking=_("To be ruled on"),
            hint=_("A gap that nobody ruled on holds the decision."),
        ),
    ]


def _to_return(now: Standing) -> list[dict[str, str]]:
    timeline = now.application.timelines.filter(closed_at__isnull=True).first()
    if timeline is None or timeline.agreed is None:
        return [
            _there(
                _("Both sides have agreed to the same timeline"),
                done=False,
                lacking=_("Not yet"),
                hint=_("You can return the case to review without it."),
            )
        ]
    return [
        _there(
            activity.area,
            done=activity.done_on is not None,
            lacking=_("To do"),
            hint=_("Due on %(day)s") % {"day": words.day(activity.due)},
        )
        for activity in timeline.agreed.activities.order_by("due", "pk")
    ]


NEEDS: dict[Stage, tuple[Move, Callable[[Standing], list[dict[str, str]]]]] = {
    Stage.SUBMITTED: (Move.ACCEPT, _to_accept),
    Stage.ACCEPTED: (Move.OPEN_REVIEW, _to_review),
    Stage.UNDER_REVIEW: (Move.RECOMMEND, _to_recommend),
    Stage.FURTHER_WORK: (Move.BACK_TO_REVIEW, _to_return),
    Stage.RECOMMENDED: (Move.OPEN_BALLOT, _to_ballot),
}
