"""The outbox: which letters there are, what becomes of them, and the table of their kinds."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from credentialing.office.forms import LetterFilter, StandstillForm
from credentialing.office.operations.letters import hold_or_release
from credentialing.office.queries import letters as asked
from credentialing.records.kinds import KINDS, label
from credentialing.records.letters import UNLISTED, ring, standstill
from credentialing.records.models import Letter
from credentialing.records.operations import ACTS
from credentialing.records.operations import move_letter as move

PAGE = 50
State = Letter.State
DRAWN: dict[str, str] = {
    State.QUEUED: "progress",
    State.WAITING: "idle",
    State.SENDING: "progress",
    State.SENT: "done",
    State.FAILED: "wrong",
    State.HELD: "idle",
    State.DOUBT: "needs",
}
LABELS = {
    "hold": _lazy("Hold"),
    "release": _lazy("Release"),
    "resend": _lazy("Send again"),
    "settle": _lazy("It arrived"),
    "bounce": _lazy("It came back"),
}
# What can be done with a letter in each state.
ACTS_OF: dict[str, list[tuple[str, Any]]] = {
    state: [(act, LABELS[act]) for act, (sources, _target) in ACTS.items() if state in sources]
    for state in State
}


def letters(request: HttpRequest) -> HttpResponse:
    """The outbox: what is in doubt or failed first, then by age. Nothing about the own case."""
    rows = asked.shown(request.person)
    filter_ = LetterFilter(request.GET, kinds=asked.kinds_of(rows))
    wanted = filter_.wanted()
    page = Paginator(asked.outbox(rows, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            (letter, label(letter.kind), DRAWN[letter.state], _acts(letter)) for letter in page
        ],
        "filter": filter_,
        "standstill": standstill(),
        "prefix": f"{urlencode(wanted)}&" if wanted else "",
    }
    return render(request, "office/letters.html", context)


def hold_letters(request: HttpRequest) -> HttpResponse:
    """Hold all letters with a reason; or let them leave again."""
    stands = standstill()
    form = StandstillForm(request.POST or None, initial={"holds": "0" if stands else "1"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if form.does(lambda: hold_or_release(**said, by=request.person)):
            told = _("All letters are held.") if said["holds"] else _("Letters leave again.")
            messages.success(request, told + " " + _("The Chair is told."))
            return redirect("letters")
    return render(request, "office/hold_letters.html", {"form": form, "standstill": stands})


def _acts(letter: Letter) -> list[tuple[str, Any]]:
    """What can be done with a letter; what a daily one carries goes with that."""
    return [] if letter.digest_id else ACTS_OF[letter.state]


def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of letter, and when it comes."""
    rows = sorted(
        (str(kind.label), name, kind.comes.label)
        for name, kind in KINDS.items()
        if name not in UNLISTED
    )
    return render(request, "office/letter_kinds.html", {"rows": rows})


def move_letter(request: HttpRequest, letter: int, act: str) -> HttpResponse:
    """Hold, release or resend one letter, or note that it arrived or came back."""
    known = get_object_or_404(asked.shown(request.person), pk=letter)
    moved = move(known.pk, act, by=request.person)
    ring()
    said = _("The letter is %(state)s now.") % {"state": moved.get_state_display()}
    messages.success(request, said)
    return redirect("letters")
