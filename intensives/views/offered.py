"""What everybody with an account sees: what is offered, one's own, attendance."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from applicants import access
from applicants.access import Can
from applicants.models import Application, Document
from applicants.operations import upload_document
from credentialing.people.models import Role
from credentialing.records.society import current as society_now
from credentialing.records.submissions import new_key
from intensives import operations, queries
from intensives.forms import AttendanceForm, EnrolForm, PartForm, PastForm
from intensives.models import Enrolment, Intensive, SmallGroup
from intensives.views.acting import act, doing, typed, uploaded

State = Enrolment.State


def intensives(request: HttpRequest) -> HttpResponse:
    """What is offered, and what one has attended or signed up for."""
    mine = queries.enrolments_of(request.person)
    coming = queries.with_seats(queries.offered(request.now)).filter(end__gte=request.today)
    rows = [
        {
            "intensive": offered,
            "enrolment": mine.get(offered.pk),
            "free": None if offered.capacity is None else max(offered.capacity - offered.taken, 0),
        }
        for offered in coming.order_by("start", "pk")
    ]
    context = {
        "rows": rows,
        "attended": [
            enrolment for enrolment in reversed(mine.values()) if _is_over(enrolment, request)
        ],
        "was_candidate": any(row.role == Enrolment.Role.CANDIDATE for row in mine.values()),
        "may_record": Application.objects.filter(applicant=request.person).exists(),
    }
    return render(request, "intensives/intensives.html", context)


def _is_over(enrolment: Enrolment, request: HttpRequest) -> bool:
    over = enrolment.intensive.end < request.today
    return enrolment.state == State.SIGNED_UP and (enrolment.completed or over)


def intensive(request: HttpRequest, intensive: int) -> HttpResponse:
    """One intensive: when and where, one's own place in it, or the sign-up."""
    offered = get_object_or_404(queries.with_seats(queries.offered(request.now)), pk=intensive)
    return _intensive_page(request, offered)


def _enrol_form(request: HttpRequest, offered: Intensive) -> EnrolForm:
    return EnrolForm(
        typed(request),
        groups=queries.groups_of(offered),
        as_candidate=not queries.why_no_candidate(request.person),
        questions=bool(_questions(request, offered)),
    )


def _questions(request: HttpRequest, offered: Intensive) -> list[str]:
    """What would be missing, for who could come as a candidate."""
    if request.person is None or queries.why_no_candidate(request.person):
        return []
    return queries.questions_of_candidacy(request.person, offered)


def _intensive_page(
    request: HttpRequest, offered: Any, form: EnrolForm | None = None
) -> HttpResponse:
    mine = Enrolment.objects.filter(intensive=offered, person=request.person)
    enrolment = (
        mine.exclude(state=State.CANCELLED).select_related("small_group", "evaluator").first()
    )
    groups = queries.groups_of(offered)
    known = queries.barred([request.person.pk]) if request.person else {}
    why = queries.why_no_candidate(request.person)
    waits = not enrolment and not offered.has_begun(request.today)
    context = {
        "intensive": offered,
        "enrolment": enrolment,
        "full": offered.capacity is not None and offered.taken >= offered.capacity,
        "begun": offered.has_begun(request.today),
        "no_candidate": why,
        "questions": _questions(request, offered) if waits else [],
        "applies": Application.objects.filter(applicant=request.person).exists(),
        "is_faculty": any(request.person in group.faculty for group in groups),
        "groups": [
            {
                "group": group,
                "conflicts": queries.conflicts(request.person.pk, group.faculty, known),
            }
            for group in groups
            if request.person
        ],
        "form": form or _enrol_form(request, offered),
        "submission": new_key(),
    }
    return render(request, "intensives/intensive.html", context)


def enrol(request: HttpRequest, intensive: int) -> HttpResponse:
    """Sign up as participant or candidate."""
    if request.person is None:
        raise Http404
    offered = get_object_or_404(queries.with_seats(queries.offered(request.now)), pk=intensive)
    form = _enrol_form(request, offered)
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.enrol(
                offered, request.person, **form.what(), by=request.person, at=request.now
            ),
            _("You have signed up. The page shows whether you have a place or wait for one."),
            reverse("intensive", args=[offered.pk]),
        )
    ):
        return redirect(form.answer)
    return _intensive_page(request, offered, form)


def cancel_enrolment(request: HttpRequest, enrolment: int) -> HttpResponse:
    """Give one's own place back, or take back what one recorded of elsewhere."""
    mine = Enrolment.objects.filter(person=request.person).select_related("intensive")
    row = get_object_or_404(mine, pk=enrolment)
    return act(
        request,
        lambda: operations.cancel_enrolment(row, by=request.person, at=request.now),
        _("Taken back.") if row.intensive.elsewhere else _("Your place is cancelled."),
        reverse("intensives"),
    )


def past_intensive(request: HttpRequest) -> HttpResponse:
    """Record an intensive attended elsewhere, with a certificate where there is one."""
    own = Application.objects.filter(applicant=request.person).order_by("-started_at", "-pk")
    application = own.first()
    if application is None:
        raise Http404
    form = PastForm(
        typed(request), uploaded(request), person=request.person, uploads=application.is_live
    )
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: _record(request, application, form),
            _("Recorded. It counts once the office has confirmed it."),
            reverse("intensives"),
        )
    ):
        return redirect(form.answer)
    return render(request, "intensives/past.html", {"form": form})


@transaction.atomic
def _record(request: HttpRequest, application: Application, form: PastForm) -> None:
    who = {"by": request.person, "at": request.now}
    document, file = None, form.cleaned_data.get("file")
    if file:
        kind, title = Document.Kind.CERTIFICATE, form.cleaned_data["title"]
        document = upload_document(application, kind=kind, title=title, file=file, **who)
    operations.record_past_intensive(request.person, **form.what(), document=document, **who)


def calendar(request: HttpRequest, intensive: int) -> HttpResponse:
    """The intensive as a file for a calendar, whole days."""
    offered = get_object_or_404(queries.offered(request.now), pk=intensive)
    event = Event()
    event.add("uid", f"intensive-{offered.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", offered.cancelled_at or offered.published_at)
    event.add("dtstart", offered.start)
    event.add("dtend", offered.end + timedelta(days=1))  # the first day after it
    event.add("summary", offered.title)
    event.add("location", offered.place)
    event.add("organizer", offered.organiser)
    event.add("url", settings.SITE_URL + reverse("intensive", args=[offered.pk]))
    event.add("status", "CANCELLED" if offered.cancelled_at else "CONFIRMED")
    file = Calendar()
    file.add("prodid", f"-//{society_now().name}//credentialing//")
    file.add("version", "2.0")
    file.add_component(event)
    return HttpResponse(
        file.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="intensive.ics"'},
    )


def my_assessment(request: HttpRequest) -> HttpResponse:
    """What was presented to the applicant; of a draft nothing is said."""
    if not access.visible(request.person, Can.OWN, day=request.today).exists():
        raise Http404
    presentations = queries.presented_to_candidate(request.person)
    return render(request, "intensives/my_assessment.html", {"presentations": presentations})


# --- Attendance --------------------------------------------------------------------------------


def attendance(request: HttpRequest, intensive: int) -> HttpResponse:
    """Who was there, group by group: by the group's faculty, or by the office for all."""
    attended = get_object_or_404(Intensive.objects.filter(elsewhere=False), pk=intensive)
    office = Role.Kind.ADMINISTRATOR in request.roles
    groups = queries.attended_by_group(attended, request.person, office=office)
    if not groups:
        raise Http404
    answered = None
    if request.method == "POST":
        answered = _recorded(request, attended, groups)
        if isinstance(answered, HttpResponse):
            return answered
    context = {
        "intensive": attended,
        "ended": attended.has_ended(request.today),
        "office": office,
        "groups": [
            {
                "group": group,
                "rows": rows,
                "form": answered[1]
                if answered and answered[0] == group
                else _attendance_form(group, rows),
            }
            for group, rows in groups.items()
        ],
    }
    return render(request, "intensives/attendance.html", context)


def _attendance_form(
    group: SmallGroup | None, rows: list[Enrolment], data: Any = None
) -> AttendanceForm | None:
    """The form for who is not recorded yet; None where everybody is."""
    key = str(group.pk) if group else ""
    if data is None:
        rows = [row for row in rows if not row.completed]
    if not rows:
        return None
    return AttendanceForm(data, rows=rows, initial={"group": key}, auto_id=f"id_{key}_%s")


def _recorded(
    request: HttpRequest, attended: Intensive, groups: dict[SmallGroup | None, list[Enrolment]]
) -> HttpResponse | tuple[SmallGroup | None, AttendanceForm]:
    """Record the group that was posted; its form with the errors where that is not possible."""
    keys = {str(group.pk) if group else "": group for group in groups}
    key = request.POST.get("group", "")
    if key not in keys:
        raise Http404
    form = _attendance_form(keys[key], groups[keys[key]], request.POST)
    if form is None:
        raise Http404
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.complete(form.chosen(), by=request.person, at=request.now),
            _("The attendance is recorded."),
            reverse("attendance", args=[attended.pk]),
        )
    ):
        return redirect(form.answer)
    return keys[key], form


def attended_partly(request: HttpRequest, enrolment: int) -> HttpResponse:
    """What part somebody was there: by the group's faculty, or by the office."""
    rows = Enrolment.objects.filter(intensive__elsewhere=False, state=State.SIGNED_UP)
    row = get_object_or_404(
        rows.exclude(person=request.person).select_related("intensive", "person", "small_group"),
        pk=enrolment,
    )
    own = row.small_group and request.person and request.person.pk in row.small_group.faculty_ids
    if not own and Role.Kind.ADMINISTRATOR not in request.roles:
        raise Http404
    form = PartForm(typed(request), initial={"part": row.attended_partly})
    back = reverse("attendance", args=[row.intensive_id])
    if form.is_valid() and form.does(
        doing(
            request,
            lambda: operations.record_partly(row, **form.what(), by=request.person, at=request.now),
            _("Recorded. Whether it counts is a ruling of the Committee."),
            back,
        )
    ):
        return redirect(form.answer)
    title = _("%(name)s attended in part") % {"name": row.person.name}
    return render(
        request, "intensives/office_form.html", {"form": form, "back": back, "title": title}
    )
