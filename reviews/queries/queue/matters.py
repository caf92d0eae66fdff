"""What can wait for the Committee: each kind of matter, and the rows that it finds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants import models as applying
from applicants.models import Application, Claim, Ruling, Stage, StageMove
from applicants.stages import Move
from credentialing.people.models import Person
from credentialing.rules import words
from credentialing.standing.queries import Standing
from credentialing.templatetags.words import day as written
from intensives.queries import candidates_without_evaluator, in_conflict
from reviews.models import Activity, Advice, Consent, Remark, TimelineVersion
from reviews.queries import appeals
from reviews.queries.lines import title
from reviews.queries.readiness import GAP, is_presented
from reviews.queries.rulings import acceptable

IN_PROCESS = (Stage.ACCEPTED, Stage.UNDER_REVIEW, Stage.FURTHER_WORK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that waits: a sentence, since when, until when, and where it is done."""

    case: Application
    matter: str
    text: str
    url: str
    action: str
    since: date | None
    due: date | None = None
    for_anybody: bool = False  # not only for who acts as Chair


@dataclass(slots=True)
class Waiting:
    """What is known of all cases at once, so that each question is one query."""

    reader: Person
    today: date
    readable: QuerySet[Application]  # also those that no longer go on
    standings: list[Standing]  # of those that do
    cases: dict[int, Application] = field(init=False)

    def __post_init__(self) -> None:
        self.cases = {each.application.pk: each.application for each in self.standings}

    def at(self, *stages: str) -> list[Standing]:
        """The standings of the cases in these stages."""
        return [each for each in self.standings if each.application.stage in stages]

    def since(self, application: Application) -> date | None:
        """The day of the case's last move."""
        moved = application.moved_at  # type: ignore[attr-defined]
        return timezone.localdate(moved) if moved else application.submitted_on


def to_accept(waiting: Waiting) -> Iterable[Item]:
    """Applications that were submitted and wait to be accepted or returned."""
    for each in waiting.at(Stage.SUBMITTED):
        case = each.application
        yield Item(
            case=case,
            matter="accept",
            text=_("%(name)s has applied.") % {"name": case.applicant.name},
            url=reverse("case", args=[case.reference]),
            action=_("Read and accept"),
            since=waiting.since(case),
        )


def claims_to_rule_on(waiting: Waiting) -> Iterable[Item]:
    """Claims to credit without a ruling."""
    pending = {
        claim["id"]: claim
        for each in waiting.at(Stage.SUBMITTED, *IN_PROCESS)
        for claim in each.data["claims"]
        if claim["state"] == "pending"
    }
    claims = Claim.objects.filter(pk__in=[int(key[1:]) for key in pending])
    for claim in claims.order_by("claimed_at", "pk"):
        case = waiting.cases[claim.application_id]
        short = [words.SHORTFALLS[each] for each in pending[claim.key]["shortfalls"]]
        text = _("%(name)s claims credit: “%(credit)s”.") % {
            "name": case.applicant.name,
            "credit": title(claim.credit),
        }
        support = (
            _("Not yet supported: %(why)s.") % {"why": words.listed(short)}
            if short
            else _("The text supports it.")
        )
        yield Item(
            case=case,
            matter=f"claim:{claim.pk}",
            text=f"{text} {support}",
            url=reverse("rule-claim", args=[case.reference, claim.pk]),
            action=_("Rule on the claim"),
            since=timezone.localdate(claim.claimed_at),
        )


def issues_to_rule_on(waiting: Waiting) -> Iterable[Item]:
    """Questions that the rules put before the Committee, whatever else remains."""
    for each in waiting.at(*IN_PROCESS):
        case = each.application
        for entry in each.entries.values():
            issues = acceptable(entry) if entry["decision_due"] else []
            if issues:
                yield Item(
                    case=case,
                    matter=f"issue:{entry['id']}",
                    text=_("%(name)s, %(requirement)s: %(issues)s")
                    % {
                        "name": case.applicant.name,
                        "requirement": words.name(entry["id"]),
                        "issues": " ".join(each.issue(issue) for issue in issues),
                    },
                    url=reverse("rule", args=[case.reference, entry["id"]]),
                    action=_("Rule on this"),
                    since=asked_since(issues) or case.accepted_on,
                )


def asked_since(issues: Iterable[Any]) -> date | None:
    """The first day on which one of these could be asked: the end of what it tells of.

    A lapsed membership is a question from its first day on.
    """
    days = [
        found[1 if issue["code"] == GAP else 2]
        for issue in issues
        if (found := words.INTERVAL.search(issue["detail"]))
    ]
    return min(map(date.fromisoformat, days), default=None)


def evaluators_to_assign(waiting: Waiting) -> Iterable[Item]:
    """Candidates of an intensive for whom nobody evaluates yet."""
    case_of = {case.applicant_id: case for case in waiting.cases.values()}
    cases = Application.objects.filter(pk__in=list(waiting.cases))
    for enrolment in candidates_without_evaluator(cases):
        case = case_of[enrolment.person_id]
        yield Item(
            case=case,
            matter=f"evaluator:{enrolment.pk}",
            due=enrolment.intensive.start,
            text=_("%(name)s has no evaluator at “%(intensive)s”, which begins on %(day)s.")
            % {
                "name": case.applicant.name,
                "intensive": enrolment.intensive.title,
                "day": written(enrolment.intensive.start),
            },
            url=reverse("place", args=[enrolment.pk]),
            action=_("Assign an evaluator"),
            since=timezone.localdate(enrolment.enrolled_at),
        )


def placements_in_conflict(waiting: Waiting) -> Iterable[Item]:
    """Placements that a later change of the record forbids. Once completed, the rules ask."""
    case_of = {case.applicant_id: case for case in waiting.cases.values()}
    cases = Application.objects.filter(pk__in=list(waiting.cases))
    for enrolment in in_conflict(cases).filter(completed=False):
        case = case_of[enrolment.person_id]
        yield Item(
            case=case,
            matter=f"conflict:{enrolment.pk}",
            due=enrolment.intensive.start,
            text=_(
                "%(name)s, %(group)s of “%(intensive)s”: the record has changed, and a faculty "
                "member can't be any more."
            )
            % {
                "name": case.applicant.name,
                "group": enrolment.small_group.name,
                "intensive": enrolment.intensive.title,
            },
            url=reverse("place", args=[enrolment.pk]),
            action=_("Place anew"),
            since=enrolment.since,
        )


def answers_to_read(waiting: Waiting) -> Iterable[Item]:
    """Answers of applicants after which the Committee has not yet done anything on the case."""
    acted = Application.objects.filter(pk__in=list(waiting.cases)).annotate(
        seen=Greatest(
            _last(applying.Question, "asked_at"),
            _last(Ruling),
            _last(Remark),
            _last(StageMove),
        )
    )
    seen = dict(acted.values_list("pk", "seen"))
    answered = applying.Question.objects.filter(
        application__in=list(waiting.cases), answered_at__isnull=False
    )
    for question in answered.order_by("answered_at", "pk"):
        case = waiting.cases[question.application_id]
        if question.answered_at < seen[case.pk]:
            continue
        yield Item(
            case=case,
            matter=f"answer:{question.pk}",
            text=_("%(name)s has answered the question of %(day)s.")
            % {"name": case.applicant.name, "day": written(question.asked_at)},
            url=reverse("case", args=[case.reference]) + "#questions",
            action=_("Read the answer"),
            since=timezone.localdate(question.answered_at),
        )


def _last(model: type[Any], moment: str = "at") -> Subquery:
    done = model.objects.filter(application=OuterRef("pk"))
    return Subquery(done.order_by(f"-{moment}").values(moment)[:1])


def reviews_to_open(waiting: Waiting) -> Iterable[Item]:
    """Accepted cases that the rules call ready."""
    for each in waiting.at(Stage.ACCEPTED):
        if each.ready_for_review:
            case = each.application
            yield Item(
                case=case,
                matter="review",
                text=_("%(name)s has met every requirement.") % {"name": case.applicant.name},
                url=reverse("move", args=[case.reference, Move.OPEN_REVIEW]),
                action=_("Open review"),
                since=None,
            )


def timelines_to_answer(waiting: Waiting) -> Iterable[Item]:
    """Versions of a timeline, proposed by the applicant, to which the Committee has not agreed."""
    newest = TimelineVersion.objects.filter(timeline=OuterRef("timeline")).order_by("-number")
    versions = (
        TimelineVersion.objects.filter(
            timeline__application__in=[
                each.application.pk for each in waiting.at(Stage.FURTHER_WORK)
            ],
            timeline__closed_at__isnull=True,
            pk=Subquery(newest.values("pk")[:1]),
        )
        .exclude(consents__side=Consent.Side.COMMITTEE)
        .select_related("timeline")
    )
    for version in versions.order_by("at", "pk"):
        case = waiting.cases[version.timeline.application_id]
        yield Item(
            case=case,
            matter=f"timeline:{version.pk}",
            text=_("%(name)s proposes changes to the timeline.") % {"name": case.applicant.name},
            url=reverse("further-work", args=[case.reference]),
            action=_("Read and answer"),
            since=timezone.localdate(version.at),
        )


def timelines_overdue(waiting: Waiting) -> Iterable[Item]:
    """Agreed activities whose deadline has passed."""
    for activity in overdue(
        [each.application.pk for each in waiting.at(Stage.FURTHER_WORK)], day=waiting.today
    ):
        case = waiting.cases[activity.version.timeline.application_id]
        yield Item(
            case=case,
            matter=f"overdue:{activity.pk}",
            text=_("%(name)s has not completed “%(area)s”, due on %(day)s.")
            % {
                "name": case.applicant.name,
                "area": activity.area,
                "day": written(activity.due),
            },
            url=reverse("further-work", args=[case.reference]),
            action=_("Decide how to go on"),
            since=activity.due,
        )


def overdue(applications: Iterable[int], *, day: date) -> QuerySet[Activity]:
    """The activities of agreed, open timelines of these cases that a day finds undone."""
    return (
        Activity.objects.filter(
            version=F("version__timeline__agreed"),
            version__timeline__closed_at__isnull=True,
            version__timeline__application__in=list(applications),
            done_on__isnull=True,
            due__lt=day,
        )
        .select_related("version__timeline")
        .order_by("due", "pk")
    )


def recommendations_to_make(waiting: Waiting) -> Iterable[Item]:
    """Cases under review, and whether the joint assessment is there."""
    for each in waiting.at(Stage.UNDER_REVIEW):
        case = each.application
        form = (
            _("%(name)s is under review; the joint assessment is presented.")
            if is_presented(each.procedure, each.data)
            else _("%(name)s is under review; the joint assessment is not presented yet.")
        )
        yield Item(
            case=case,
            matter="recommend",
            text=form % {"name": case.applicant.name},
            url=reverse("recommend", args=[case.reference]),
            action=_("Record recommendation"),
            since=waiting.since(case),
        )


def advice_to_give(waiting: Waiting) -> Iterable[Item]:
    """Cases under review on which the reader has not advised yet."""
    under_review = {each.application.pk for each in waiting.at(Stage.UNDER_REVIEW)}
    began = StageMove.objects.filter(application=OuterRef("pk"), to_stage=Stage.UNDER_REVIEW)
    given = Advice.objects.filter(application=OuterRef("pk"), by=waiting.reader)
    cases = Application.objects.filter(pk__in=under_review, snapshots__isnull=False).annotate(
        began=Subquery(began.order_by("-number").values("at")[:1]),
        advised=Subquery(given.order_by("-pk").values("at")[:1]),
    )
    for found in cases.distinct().order_by("pk"):
        if found.advised and (found.began is None or found.advised >= found.began):
            continue
        case = waiting.cases[found.pk]
        yield Item(
            case=case,
            matter=f"advice:{waiting.reader.pk}",
            text=_("%(name)s is under review; your advice is wanted.")
            % {"name": case.applicant.name},
            url=reverse("advise", args=[case.reference]),
            action=_("Give advice"),
            since=waiting.since(case),
            for_anybody=True,
        )


def ballots_to_open(waiting: Waiting) -> Iterable[Item]:
    """Recommended cases that no ballot has been opened for."""
    for each in waiting.at(Stage.RECOMMENDED):
        case = each.application
        yield Item(
            case=case,
            matter="ballot",
            text=_("The recommendation on %(name)s waits for the Council.")
            % {"name": case.applicant.name},
            url=reverse("open-ballot", args=[case.reference]),
            action=_("Open ballot"),
            since=waiting.since(case),
        )


def appeals_to_answer(waiting: Waiting) -> Iterable[Item]:
    """Appeals against a decision that stands; the case itself no longer goes on."""
    case = "decision__ballot__recommendation__application__applicant"
    for appeal in appeals.unanswered(waiting.readable).select_related(case).order_by("at", "pk"):
        found = appeal.decision.ballot.recommendation.application
        yield Item(
            case=found,
            matter=f"appeal:{appeal.pk}",
            text=_("%(name)s appeals against the decision of %(day)s.")
            % {"name": found.applicant.name, "day": written(appeal.decision.decided_on)},
            url=reverse("answer-appeal", args=[found.reference]),
            action=_("Answer the appeal"),
            since=timezone.localdate(appeal.at),
        )
