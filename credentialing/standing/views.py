"""The front door."""

from django.http import Http404, HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    raise Http404


def how_this_works(request: HttpRequest) -> HttpResponse:
    raise Http404
