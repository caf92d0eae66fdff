"""The link of an invitation: it leads to a page that sets up an account, and to nothing else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from credentialing import relations
from credentialing.people import operations
from credentialing.people.forms import JoinForm
from credentialing.records.links import trade, traded, unseen, used

PAGE = "join"


@unseen
def join_link(request: HttpRequest, token: str) -> HttpResponse:
    """Trade the link for a cookie."""
    return trade(request, token, page=PAGE)


@unseen
def join(request: HttpRequest) -> HttpResponse:
    """Choose a password; afterwards one signs in with it."""
    invitation = operations.invitation_behind(traded(request, page=PAGE), at=request.now)
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
        return used(redirect("account_login"), page=PAGE)
    return render(request, "office/join.html", {"form": form, "invitation": invitation})
