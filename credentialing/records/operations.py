"""What the office may do with a letter, and what it enters of the Society's decisions."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from credentialing.records import audit, digests
from credentialing.records.models import Letter, Society
from credentialing.records.refusals import Refused
from credentialing.records.society import current

State = Letter.State
OTHER = Letter.Bounce.OTHER
# act -> from which states, to which state
ACTS: dict[str, tuple[tuple[str, ...], str]] = {
    "hold": ((State.QUEUED, State.WAITING), State.HELD),
    "release": ((State.HELD,), State.QUEUED),
    "resend": ((State.FAILED, State.DOUBT), State.QUEUED),
    "settle": ((State.DOUBT,), State.SENT),
    "bounce": ((State.SENT, State.DOUBT), State.FAILED),
}


@transaction.atomic
def move_letter(key: int, act: str, *, by: Any, bounce: str = "", words: str = "") -> Letter:
    """Hold, release or resend a letter, or note what became of it. Refused from other states.

    What came back did so for one of the reasons that `Letter.Bounce` knows, or in `words`.
    """
    letter = Letter.objects.select_for_update().filter(pk=key).first()
    if letter is None or act not in ACTS:
        raise Http404
    sources, target = ACTS[act]
    if letter.state not in sources:
        raise Refused(
            _("This letter is %(state)s now. Nothing was changed.")
            % {"state": letter.get_state_display()}
        )
    if letter.digest_id:
        raise Refused(_("It goes with a daily letter. What you do with that one holds for it."))
    if act == "bounce" and (bounce not in Letter.Bounce or (bounce == OTHER and not words)):
        raise Refused(_("Say why it came back."), field="words" if bounce == OTHER else "bounce")
    if act == "resend":
        letter.attempts, letter.send_after, letter.lease_until = 0, Now(), None
        letter.sent_at = None
    if target == State.QUEUED:
        _address(letter, anew=act == "resend")
    if act == "resend" and letter.link_is_secret and not letter.link:
        raise Refused(
            _("The link of this letter was erased when it was sent. Write a new one from its page.")
        )
    before, letter.state = letter.state, target
    letter.bounce, letter.reason = bounce, words
    if target == State.SENT:
        letter.sent_at = Now()
        letter.link = "" if letter.link_is_secret else letter.link
    try:
        with transaction.atomic():
            letter.save()
    except IntegrityError:
        raise Refused(_("The same letter went to the new address already.")) from None
    if letter.kind == digests.DIGEST:
        digests.follow(letter)
    audit.record(
        f"letter.{act}",
        letter.case,
        by=by,
        record=f"letter {letter.pk}",
        before={"state": before},
        after={"state": target} | ({"bounce": bounce} if bounce else {}),
    )
    return letter


def _address(letter: Letter, *, anew: bool) -> None:
    """A letter leaves for an address that is known; `anew`, for the one that is known now.

    One with a secret link stays with the address for which its link was made.
    """
    present = letter.to.email
    if anew and present and not letter.link_is_secret and present != letter.address:
        letter.address_before, letter.address = letter.address, present
    letter.address = letter.address or present
    if not letter.address:
        raise Refused(_("No address of this person is known. Enter one first."))


@transaction.atomic
def decide_society(decided: dict[str, Any], *, seen: int, by: Any) -> Society:
    """Let other settings of the Society stand beside the rest; a logo by its key.

    Refused where others came meanwhile.
    """
    stands = current()
    before = {name: getattr(stands, name) for name in decided}
    if before == decided:
        return stands
    try:
        with transaction.atomic():
            if stands.number != seen:
                raise IntegrityError
            new = Society.objects.create(**(_of(stands) | decided | {"number": seen + 1}))
    except IntegrityError:
        raise Refused(
            _("Somebody has changed this meanwhile. Nothing was saved; open the page anew.")
        ) from None
    changed = [name for name in decided if before[name] != decided[name]]
    audit.record(
        "society.decided",
        by=by,
        record=f"society {new.number}",
        before={name: before[name] for name in changed},
        after={name: decided[name] for name in changed},
    )
    return new


def _of(stands: Society) -> dict[str, Any]:
    """All that a decision says, under the names of its columns."""
    aside = ("id", "at", "number")
    names = [field.attname for field in Society._meta.concrete_fields if field.name not in aside]
    return {name: getattr(stands, name) for name in names}
