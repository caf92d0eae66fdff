"""One case as its pages show it: where it stands, what may be done, who is who."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants import access, stages
from applicants.access import DECIDING
from applicants.models import Application, ProcedureMove, Question, Stage
from applicants.stages import STEPS, Move
from credentialing.people.models import Person, Relation, Role
from credentialing.people.queries import RECUSING, ties
from credentialing.rules import words
from credentialing.standing.models import Snapshot
from credentialing.standing.queries import Standing
from reviews.models import Remark
from reviews.queries import appeals, current_recommendation, history, timelines
from reviews.queries.lines import addenda, title

# The state that each stage is drawn as.
DRAWN = {
    Stage.DRAFT: "idle",
    Stage.SUBMITTED: "needs",
    Stage.RETURNED: "progress",
    Stage.ACCEPTED: "progress",
    Stage.UNDER_REVIEW: "needs",
    Stage.FURTHER_WORK: "progress",
    Stage.RECOMMENDED: "needs",
    Stage.BEFORE_COUNCIL: "progress",
    Stage.DECIDED: "done",
    Stage.WITHDRAWN: "idle",
    Stage.CLOSED: "idle",
}
NEXT = {
    Stage.SUBMITTED: gettext_lazy("Next: the Chair accepts or returns the application."),
    Stage.RETURNED: gettext_lazy("Next: the applicant corrects the application."),
    Stage.ACCEPTED: gettext_lazy("Next: the applicant works through the requirements."),
    Stage.UNDER_REVIEW: gettext_lazy("Next: the Committee makes its recommendation."),
    Stage.FURTHER_WORK: gettext_lazy("Next: the applicant does the further work."),
    Stage.RECOMMENDED: gettext_lazy("Next: the Chair or the office opens the ballot."),
    Stage.BEFORE_COUNCIL: gettext_lazy("Next: the Council votes."),
}
TABS = (
    ("case", gettext_lazy("Overview")),
    ("case-evidence", gettext_lazy("Evidence")),
    ("case-rulings", gettext_lazy("Claims and rulings")),
    ("case-supervision", gettext_lazy("Supervision")),
    ("case-intensives", gettext_lazy("Intensives and assessment")),
    ("case-documents", gettext_lazy("Documents")),
    ("case-discussion", gettext_lazy("Discussion")),
    ("case-history", gettext_lazy("History")),
)
# Moves whose button stands first, where they may be made.
FORWARD = (
    Move.ACCEPT,
    Move.OPEN_REVIEW,
    Move.RECOMMEND,
    Move.OPEN_BALLOT,
    Move.REOPEN,
    Move.BRING_AGAIN,
)
ENDING = (Move.CLOSE,)


def stage(application: Application) -> dict[str, str]:
    """The stage as the head of a case draws it."""
    name = Stage(application.stage)
    return {"state": DRAWN[name], "word": str(name.label)[:1].upper() + str(name.label)[1:]}


def next_step(application: Application) -> str:
    """The next move and whose it is; empty for a case that has ended."""
    return str(NEXT.get(Stage(application.stage), ""))


# The tabs that show the case as it stood on another day, where one is looked at.
DATED = ("case", "case-evidence", "case-rulings", "case-supervision", "case-intensives")


def tabs(
    application: Application, current: str, *, as_of: date | None = None
) -> list[dict[str, Any]]:
    """The tabs of a case, which are addresses; the day that is looked at goes with them."""
    return [
        {
            "label": label,
            "url": reverse(name, args=[application.reference])
            + (f"?as_of={as_of.isoformat()}" if as_of and name in DATED else ""),
            "current": name == current,
        }
        for name, label in TABS
    ]


def moves(now: Standing, person: Person, *, at: datetime) -> list[dict[str, Any]]:
    """The moves that a person may make as Chair, the one that leads on first."""
    reference = now.application.reference
    found = [
        each
        for each in stages.open_moves(now.application, person, at=at)
        if each not in (Move.SUBMIT, Move.WITHDRAW)
    ]
    exceptional = Move.OPEN_REVIEW if not now.ready_for_review else None
    labels = {exceptional: _("Open review under Exceptional Circumstances")}
    return [
        {
            "label": labels.get(each) or STEPS[each].label,
            "url": reverse("open-ballot", args=[reference])
            if each is Move.OPEN_BALLOT
            else reverse("move", args=[reference, each]),
            "kind": "quiet"
            if each in ENDING
            else "primary"
            if place == 0 and each in FORWARD and each is not exceptional
            else "secondary",
        }
        for place, each in enumerate(sorted(found, key=_place))
    ]


def _place(move: Move) -> int:
    """What leads on stands first, what ends the case last."""
    return 0 if move in FORWARD else 2 if move in ENDING else 1


def overview(application: Application, now: Standing, *, today: date) -> dict[str, Any]:
    """What the first page of a case shows beside the requirements."""
    questions = Question.objects.filter(application=application).select_related("asked_by")
    proposals = ProcedureMove.objects.filter(application=application).select_related("proposed_by")
    return {
        "questions": questions.order_by("-asked_at", "-pk"),
        "relations": relations(application, day=today),
        "timeline": timelines.timeline(application, today=today),
        "recommendation": recommendation(application),
        "appeals": appeals.of_case(application),
        "proposals": [_proposal(each) for each in proposals.order_by("-proposed_at", "-pk")],
        "recent": history.entries(application, audited=False)[:5],
        **frozen(application, now),
    }


def frozen(application: Application, now: Standing) -> dict[str, Any]:
    """The newest snapshot, and what has changed in the record since."""
    snapshot = (
        Snapshot.objects.filter(application=application)
        .select_related("taken_by")
        .order_by("-number")
        .first()
    )
    return {
        "snapshot": snapshot,
        "addenda": addenda(snapshot.portfolio, now) if snapshot else [],
    }


def recommendation(application: Application) -> dict[str, Any] | None:
    """What the Committee recommends at present, and who took part."""
    made = current_recommendation(application)
    if made is None:
        return None
    return {
        "outcome": made.get_outcome_display(),
        "reasons": made.reasons,
        "met_on": made.met_on,
        "by": made.by.name,
        "at": made.at,
        "took_part": names(made.took_part),
        "snapshot": made.snapshot.number,
    }


def names(people: Iterable[int]) -> list[str]:
    """The names of the people with these keys, in alphabetical order."""
    return list(
        Person.objects.filter(pk__in=list(people))
        .order_by("name", "pk")
        .values_list("name", flat=True)
    )


def _proposal(move: ProcedureMove) -> dict[str, Any]:
    """A proposal to judge the case by another procedure, with what both said."""
    waits = not (move.consented_at or move.declined_at)
    return {
        "move": move,
        "waits": waits,
        "rows": compared(
            move.assessments.get(move.from_procedure, {}),
            move.assessments.get(move.to_procedure, {}),
        ),
    }


def compared(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Two kept assessments, requirement by requirement, in words."""
    entries = [
        {entry["id"]: entry for entry in each.get("requirements", [])} for each in (before, after)
    ]
    rows = []
    for key in dict.fromkeys([*entries[0], *entries[1]]):
        said = [_kept(each.get(key)) for each in entries]
        rows.append(
            {
                "label": title(key),
                "before": said[0],
                "after": said[1],
                "changed": said[0] != said[1],
            }
        )
    return rows


def _kept(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return _("Not asked for.")
    said = [f"{words.STATUSES[entry['status']]}."]
    if words.done(entry):
        said.append(f"{words.done(entry)}.")
    return " ".join(said)


# --- Who is who ----------------------------------------------------------------------------------


def relations(application: Application, *, day: date) -> list[dict[str, Any]]:
    """Everybody with a relation to the applicant, with the evidence, and what follows from it."""
    recused = access.recused(application)
    lifted = {row.person_id: row.reason for row in application.recusals_lifted.standing()}
    known = ties([application.applicant_id]).get(application.applicant_id, {})
    found = {
        key: {
            "pk": key,
            "name": theirs[0].person.name,
            "words": [tie.words for tie in theirs],
            "recused": key in recused,
            "may_act_because": lifted.get(key, ""),
            "liftable": False,
            "offices": [],
        }
        for key, told in known.items()
        # What a record says that was merged since stands beside that record.
        if (theirs := [tie for tie in told if tie.person.pk == key])
    }
    for role in Role.objects.on(day).filter(person__in=list(found)).order_by("kind", "pk"):
        row = found[role.person_id]
        row["offices"].append(role.get_kind_display())
        aside = any(each.kind == Relation.Kind.RECUSED for each in recused.get(role.person_id, []))
        row["liftable"] |= row["recused"] and not aside and role.kind in DECIDING
    return sorted(found.values(), key=lambda row: row["name"])


def ties_in_words(application: Application, person: Person) -> list[str]:
    """What a person is to the applicant, as far as it recuses, as the record says it."""
    applicant = application.applicant_id
    found = ties([applicant], RECUSING).get(applicant, {})
    return [tie.words for tie in found.get(person.pk, [])]


# --- What was said and done ----------------------------------------------------------------------


def remarks(application: Application) -> list[dict[str, Any]]:
    """The Committee's discussion, oldest first."""
    said = Remark.objects.filter(application=application).select_related("by")
    return [
        {"by": each.by.name, "at": each.at, "text": each.text} for each in said.order_by("at", "pk")
    ]
