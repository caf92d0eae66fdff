"""The applicant's pages."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def application(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def submit(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def withdraw(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def answer_procedure(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def answer_question(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def section(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def groups(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def new_group(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def group(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def logs(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def log_evening(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def edit_meeting(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def withdraw_meeting(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def restore_meeting(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def edit_debriefing(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def withdraw_debriefing(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def restore_debriefing(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def claims(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def claim_credit(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def withdraw_claim(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def ask_leader(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def withdraw_attestation(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def documents(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def document(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def withdraw_document(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def person_search(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def memberships(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def new_membership(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404


def membership(request: HttpRequest, **key: Any) -> HttpResponse:
    raise Http404
