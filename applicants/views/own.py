"""What every page of an applicant asks first: which application is theirs, and did the act go."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import Http404, HttpRequest, QueryDict

from applicants.models import Application, BalintGroup
from applicants.queries import current_application
from credentialing.records import keeping
from credentialing.records.refusals import Refused

Result = TypeVar("Result")


def mine(request: HttpRequest) -> Application:
    """The person's newest application; 404 without one."""
    application = current_application(request.person, day=request.today)
    if application is None:
        raise Http404
    return application


def my_groups(request: HttpRequest) -> Any:
    """The person's own groups, the newest first; 404 without an application."""
    return BalintGroup.objects.filter(applicant=mine(request).applicant_id).order_by(
        "-start", "-pk"
    )


def tried(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """What the act gives; where it is refused, None, and the refusal stands at its field."""
    try:
        return act()
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, refused.message)
        return None


def what_was_typed(request: HttpRequest) -> QueryDict | None:
    """What a form is to show: what is sent, or what was when the sitting had ended; else None."""
    return (request.POST or None) if request.method == "POST" else keeping.kept(request)


def forgotten(request: HttpRequest) -> bool:
    """Whether what was kept of this page is thrown away on demand."""
    wanted = request.POST.get("action") == "forget"
    if wanted:
        keeping.forget(request)
    return wanted
