"""The link of an invitation: it leads to a page that sets up an account, and to nothing else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from credentialing import relations
from credentialing.people import operations
from credentialing.people.forms import JoinForm

COOKIE = "join"
HOUR = 60 * 60
LONGEST = 100
unseen = cache_control(no_store=True)


@unseen
def join_link(request: HttpRequest, token: str) -> HttpResponse:
    """Trade the token in the address for a short cookie of its own kind, and a clean address.

    Nothing else happens, and it is the same for every token: mail scanners follow links.
    """
    answer = redirect("join")
    answer.set_signed_cookie(
        COOKIE,
        token[:LONGEST],
        salt=COOKIE,
        max_age=HOUR,
        path=reverse("join"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


@unseen
def join(request: HttpRequest) -> HttpResponse:
    """Choose a password; afterwards one signs in with it."""
    token = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=HOUR)
    invitation = operations.invitation_by_token(token, at=request.now)
    if invitation is None:
        return render(request, "office/join_dead.html", status=404)
    posted = request.POST if request.method == "POST" else None
    form = JoinForm(posted, person=invitation.person, address=invitation.address)
    if form.is_valid():
        person = operations.accept_invitation(
            invitation, password=form.cleaned_data["password"], at=request.now
        )
        relations.sync(person)
        messages.success(request, _("Your account is ready. Sign in with your new password."))
        answer = redirect("account_login")
        answer.delete_cookie(COOKIE, path=reverse("join"), samesite="Lax")
        return answer
    return render(request, "office/join.html", {"form": form, "invitation": invitation})
