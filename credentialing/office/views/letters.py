"""The outbox: which letters there are, what becomes of them, and the table of their kinds."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from credentialing.office.forms import BounceForm, LetterFilter, StandstillForm
from credentialing.office.operations.letters import hold_or_release
from credentialing.office.queries import letters as asked
from credentialing.post import text_and_html
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
}
# What can be done with a letter in each state, by one button.
ACTS_OF: dict[str, list[tuple[str, Any]]] = {
    state: [(act, label_) for act, label_ in LABELS.items() if state in ACTS[act][0]]
    for state in State
}
COMES_BACK = ACTS["bounce"][0]
# What the office does where a letter came back.
FOLLOWS: dict[str, Any] = {
    Letter.Bounce.NO_ADDRESS: _lazy(
        "Ask them in another way for an address that works, and send the letter again."
    ),
    Letter.Bounce.FULL: _lazy("Send it again in some days, or ask them for a second address."),
    Letter.Bounce.REFUSED: _lazy(
        "Whoever runs the system finds in the relay’s log why. Another address may help meanwhile."
    ),
    Letter.Bounce.OTHER: _lazy("If it was the address, ask them for another one."),
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


@csp_replace({"frame-src": [SELF]})
def letter(request: HttpRequest, letter: int) -> HttpResponse:
    """One letter as it is sent, and where it is; and the note that it came back."""
    known = _letter(request, letter)
    form = BounceForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.does(lambda: move(known.pk, "bounce", by=request.person, **form.cleaned_data))
    ):
        messages.success(request, _("It is noted that the letter came back."))
        return redirect("letter", known.pk)
    carried = _carried(request, known)
    context = {
        "letter": known,
        "about": label(known.kind),
        "drawn": DRAWN[known.state],
        "acts": _acts(known),
        "carried": carried,
        "follows": FOLLOWS.get(known.bounce, ""),
        "has_account": hasattr(known.to, "user"),
        "form": form if known.state in COMES_BACK and not known.digest_id else None,
        "as_text": text_and_html(known, carried)[0],
    }
    return render(request, "office/letter.html", context)


@csp_replace({"frame-ancestors": [SELF], "sandbox": ""})
@xframe_options_sameorigin
def letter_html(request: HttpRequest, letter: int) -> HttpResponse:
    """The HTML of a letter, to be shown in a frame of its page; it can do nothing there."""
    known = _letter(request, letter)
    sheet = static("css/letter.css")
    return HttpResponse(text_and_html(known, _carried(request, known), stylesheet=sheet)[1])


def _letter(request: HttpRequest, key: int) -> Letter:
    """A letter that the office may see, without its secret."""
    rows = asked.shown(request.person).select_related("to__user", "digest")
    return asked.masked(get_object_or_404(rows, pk=key))


def _carried(request: HttpRequest, digest: Letter) -> list[Letter]:
    """What a daily letter carries, as far as it may be seen."""
    return list(asked.shown(request.person).filter(digest=digest).order_by("pk"))


def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of letter, and when it comes."""
    newest = asked.newest_of_each(asked.shown(request.person))
    rows = sorted(
        (str(kind.label), name, kind.comes.label, newest.get(name))
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
    back = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if ours else "letters")
