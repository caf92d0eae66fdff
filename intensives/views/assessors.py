"""The pages of the three: one's candidates, the sessions, the joint assessment.

For everybody else these pages do not exist, whatever their role.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key
from intensives import operations, queries
from intensives.competencies import COMPETENCIES, RATINGS, TEXTS
from intensives.forms import AddendumForm, AgreeForm, AssessmentForm, CoLedForm, RevisionForm
from intensives.models import Enrolment, Presentation, WrittenAssessment
from intensives.operations import Clash
from intensives.views.acting import doing, typed


def candidates(request: HttpRequest) -> HttpResponse:
    """Whom one assesses, when, and what awaits one; and the groups of which one is faculty."""
    context = {
        "rows": queries.awaiting(request.person, day=request.today),
        "groups": [] if request.person is None else list(queries.my_groups(request.person)),
    }
    return render(request, "intensives/candidates.html", context)


def _mine(request: HttpRequest, key: int) -> Enrolment:
    row = queries.assessed_by(request.person).filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def candidate(request: HttpRequest, enrolment: int) -> HttpResponse:
    """One candidate; the evaluator's draft is saved here, at every pause in typing, too."""
    row = _mine(request, enrolment)
    form = AssessmentForm(typed(request), assessment=queries.draft_of(row))
    if request.method != "POST":
        return _candidate_page(request, row, draft=form)
    saved, clash = None, None
    if form.is_valid():
        try:
            saved = operations.save_assessment(
                row, **form.what(), by=request.person, at=request.now
            )
        except Clash as another:
            clash = another
            form.add_error(None, another.message)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    if request.htmx:
        context = {"saved": saved, "form": form}
        return render(request, "intensives/candidate.html#saved", context)
    if saved:
        return redirect(reverse("candidate", args=[row.pk]) + "#assessment")
    return _candidate_page(
        request, row, draft=form.at_revision(clash.stored.revision) if clash else form, clash=clash
    )


def _candidate_page(request: HttpRequest, row: Enrolment, **forms: Any) -> HttpResponse:
    assessment, group = queries.draft_of(row), row.small_group
    evaluates = row.evaluator_id == request.person.pk
    made = queries.presented_to(assessment)
    given = queries.answers(assessment, group.faculty_ids) if assessment and group else {}
    mine = given.get(request.person.pk)
    lacking = queries.lacking(row, assessment) if assessment and group else []
    context = {
        "enrolment": row,
        "intensive": row.intensive,
        "evaluates": evaluates,
        "begun": row.intensive.has_begun(request.today),
        "sessions": _sessions(row, forms.get("co_led")),
        "assessment": assessment,
        "words": _words(assessment) if assessment else [],
        "answers": [
            {
                "person": person,
                "answer": given.get(person.pk),
                "stands": person not in lacking,
            }
            for person in (group.faculty if group and assessment else ())
        ],
        "may_answer": bool(assessment) and not evaluates and not made,
        "answered": mine is not None and request.person not in lacking,
        "agreed_before": mine is not None and not mine.dissent and request.person in lacking,
        "changes": queries.difference(mine, assessment) if mine and assessment else [],
        "answer_form": forms.get("answer") or _at(AgreeForm, assessment),
        "draft_form": forms.get("draft") or AssessmentForm(assessment=assessment),
        "ask_form": _at(RevisionForm, assessment),
        "clash": _words(forms["clash"].stored) if forms.get("clash") else [],
        "may_present": bool(assessment) and evaluates and not lacking and assessment.is_complete,
        "lacking": lacking,
        "presentations": [
            {"to": to, "label": label, "made": made.get(to), "submission": new_key()}
            for to, label in Presentation.To.choices
        ],
        "content": next((each.content for each in made.values()), None),
        "digest": next((each.digest for each in made.values()), ""),
        "addenda": assessment.added if assessment else [],
        "addendum_form": forms.get("addendum") or AddendumForm(),
    }
    return render(request, "intensives/candidate.html", context)


def _at(form: Any, assessment: WrittenAssessment | None) -> Any:
    return form(initial={"revision": assessment.revision if assessment else 0})


def _sessions(row: Enrolment, posted: CoLedForm | None) -> list[dict[str, Any]]:
    """Each of the two faculty with the session that the candidate led with them, or a form."""
    if row.small_group is None:
        return []
    days = {led.faculty_id: led.date for led in row.co_led.all()}
    rows = []
    for person in row.small_group.faculty:
        wrong = posted is not None and posted.data.get("faculty") == str(person.pk)
        form = posted if wrong else None
        form = form or CoLedForm(
            group=row.small_group,
            initial={"faculty": person.pk, "date": days.get(person.pk)},
            auto_id=f"id_{person.pk}_%s",
        )
        rows.append({"person": person, "date": days.get(person.pk), "form": form, "wrong": wrong})
    return rows


def _words(assessment: WrittenAssessment) -> list[dict[str, Any]]:
    """The draft as it stands, part by part."""
    rated, ratings = assessment.body.get("competencies", {}), dict(RATINGS)
    said = [(each.label, ratings.get(rated.get(each.key, ""), "–")) for each in COMPETENCIES]
    texts = [(label, assessment.body.get(name, "")) for name, label in TEXTS]
    return [{"ratings": said}, *({"label": label, "text": text} for label, text in texts)]


def record_co_led(request: HttpRequest, enrolment: int) -> HttpResponse:
    """On which day the candidate led with one of the two faculty."""
    row = _mine(request, enrolment)
    if row.small_group is None:
        raise Http404
    form = CoLedForm(request.POST, group=row.small_group, auto_id="id_posted_%s")
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.record_co_led(row, **form.what(), by=request.person, at=request.now),
            _("The session is recorded."),
            reverse("candidate", args=[row.pk]),
        )
    ):
        return redirect(form.answer)
    return _candidate_page(request, row, co_led=form)


def _drafted(request: HttpRequest, key: int) -> tuple[Enrolment, WrittenAssessment]:
    row = _mine(request, key)
    assessment = queries.draft_of(row)
    if assessment is None:
        raise Http404
    return row, assessment


def ask_to_agree(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Ask the two faculty for their answer to the words as they stand."""
    row, assessment = _drafted(request, enrolment)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    act = doing(
        request,
        lambda: operations.ask_to_agree(
            assessment, **form.what(), by=request.person, at=request.now
        ),
        _("A letter asks for the answer."),
        reverse("candidate", args=[row.pk]),
    )
    return redirect(act())


def agree(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Agree to the assessment as it stands, or dissent in words."""
    row, assessment = _drafted(request, enrolment)
    form = AgreeForm(request.POST)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.agree(assessment, **form.what(), by=request.person, at=request.now),
            _("Your answer is recorded."),
            reverse("candidate", args=[row.pk]),
        )
    ):
        return redirect(form.answer)
    return _candidate_page(request, _mine(request, enrolment), answer=_again(form, assessment))


def _again(form: AgreeForm, assessment: WrittenAssessment) -> AgreeForm:
    """The same answer, to be given to the words that are on the page now."""
    form.data = form.data.copy()
    form.data["revision"] = str(assessment.revision)
    return form


def add_addendum(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Correct what was presented, beside it."""
    row, assessment = _drafted(request, enrolment)
    form = AddendumForm(request.POST)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.add_addendum(
                assessment, **form.what(), by=request.person, at=request.now
            ),
            _("Added. Letters tell everybody who has read the assessment."),
            reverse("candidate", args=[row.pk]),
        )
    ):
        return redirect(form.answer)
    return _candidate_page(request, _mine(request, enrolment), addendum=form)


def present(request: HttpRequest, enrolment: int, to: str) -> HttpResponse:
    """Present the assessment to the candidate, or to the Committee."""
    row, assessment = _drafted(request, enrolment)
    if to not in Presentation.To.values:
        raise Http404
    act = doing(
        request,
        lambda: operations.present(assessment, to=to, by=request.person, at=request.now),
        _("The assessment is presented to %(whom)s.") % {"whom": Presentation.To(to).label},
        reverse("candidate", args=[row.pk]),
    )
    return redirect(act())
