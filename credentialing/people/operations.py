"""What can happen to persons: they are entered, take office, become related."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now, TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credentialing.people.models import (
    Absence,
    Declaration,
    Invitation,
    Person,
    Relation,
    Role,
    User,
)
from credentialing.people.queries.ties import declared_of
from credentialing.records import audit, digests, letters
from credentialing.records.links import token_digest
from credentialing.records.refusals import Refused

INVITED_FOR = timedelta(days=30)
INVITED_AGAIN = timedelta(minutes=10)


@transaction.atomic
def enter_person(*, name: str, email: str = "", profession: str = "", by: Person | None) -> Person:
    """The person with this address, entered now if nobody has it. A person is one record."""
    if email:
        known = Person.objects.filter(email__iexact=email, merged_into__isnull=True).first()
        if known:
            return known
    person = Person.objects.create(name=name, email=email, profession=profession)
    audit.record("person.entered", by=by, record=f"person {person.pk}")
    return person


@transaction.atomic
def change_person(
    person: Person, *, name: str, email: str, profession: str, by: Person | None
) -> Person:
    """Correct who somebody is. The address of an account is changed by its owner alone."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise Refused(_("Who this was is erased at their request, and stays so."))
    if User.objects.filter(person=person).exists() and email.lower() != person.email.lower():
        raise Refused(_("They sign in with this address and change it themselves."), field="email")
    new = {"name": name, "email": email, "profession": profession}
    changed = [field for field, value in new.items() if getattr(person, field) != value]
    if not changed:
        return person
    for field in changed:
        setattr(person, field, new[field])
    try:
        with transaction.atomic():
            person.save(update_fields=changed)
    except IntegrityError as clash:
        raise Refused(_("Somebody else has this address."), field="email") from clash
    audit.record("person.changed", by=by, record=f"person {person.pk}", after={"fields": changed})
    return person


@transaction.atomic
def join_account(user: User) -> Person:
    """Give a confirmed account its person: the one already known by that address, or a new one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.person_id:
        return user.person
    known = Person.objects.filter(
        email__iexact=user.email, merged_into__isnull=True, user__isnull=True
    ).first()
    user.person = known or Person.objects.create(
        name=user.name or user.email.partition("@")[0], email=user.email
    )
    user.save(update_fields=["person"])
    audit.record("account.joined", by=user.person, record=f"person {user.person_id}")
    return user.person


@transaction.atomic
def follow_account(person: Person, address: str) -> None:
    """Let the record have the address that its owner has confirmed for the account.

    Where another record has got it in the meantime, each keeps its own until they are merged.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.email.lower() == address.lower():
        return
    others = Person.objects.filter(email__iexact=address, merged_into__isnull=True)
    if others.exclude(pk=person.pk).exists():
        return
    person.email = address
    person.save(update_fields=["email"])
    audit.record("account.address", by=person, record=f"person {person.pk}")


@transaction.atomic
def invite(person: Person, *, by: Person | None, at: datetime) -> Invitation:
    """Send a person on record a link to set up their account; an earlier link no longer works."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if User.objects.filter(person=person).exists():
        raise Refused(_("%(name)s has an account already.") % {"name": person.name})
    if not person.email:
        raise Refused(_("No e-mail address of this person is known. Enter one first."))
    open_ = Invitation.objects.filter(person=person, void_at__isnull=True)
    if open_.filter(at__gt=at - INVITED_AGAIN, address=person.email).exists():
        raise Refused(_("An invitation has just left. Give it ten minutes to arrive."))
    open_.update(void_at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        person=person,
        address=person.email,
        token_digest=token_digest(token),
        by=by,
        at=at,
        expires_at=at + INVITED_FOR,
    )
    audit.record("account.invited", by=by, record=f"person {person.pk}")
    letters.write(
        "invitation",
        person,
        occasion=f"invitation {invitation.pk}",
        subject=gettext_lazy("Set up your account"),
        text=gettext_lazy(
            "You are on record here, and the office asks you to set up an account. Choose a "
            "password with the link below; it works once, for 30 days."
        ),
        link=f"/join/{token}/",
        secret_link=True,
    )
    return invitation


def invitation_behind(digest: str, *, at: datetime) -> Invitation | None:
    """The invitation behind a link that still works and still goes to the person's address."""
    live = Invitation.objects.filter(
        token_digest=digest,
        void_at__isnull=True,
        expires_at__gt=at,
        person__merged_into__isnull=True,
        person__user__isnull=True,
        person__email__iexact=F("address"),
    )
    return live.select_related("person").first()


@transaction.atomic
def accept_invitation(invitation: Invitation, *, password: str, at: datetime) -> Person:
    """Make the account of an invited person. The link came to the address, so it is confirmed."""
    person = Person.objects.select_for_update().get(pk=invitation.person_id)
    unused = Invitation.objects.filter(pk=invitation.pk, void_at__isnull=True, expires_at__gt=at)
    if not unused.update(void_at=at) or User.objects.filter(person=person).exists():
        raise Refused(_("This link no longer works. Nothing was changed."))
    # Somebody may have signed up with the address without ever confirming it.
    User.objects.filter(email__iexact=invitation.address, person__isnull=True).delete()
    user = User.objects.create_user(invitation.address, password, name=person.name, person=person)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record("account.joined", by=person, record=f"person {person.pk}")
    return person


@transaction.atomic
def choose_letters(person: Person, *, daily: bool, language: str, by: Person) -> Person:
    """Choose how one's letters come: once a day, as far as they may wait, or at once; the language.

    What waits leaves now where they come at once. What is written already stays as it is worded.
    """
    if by.pk != person.pk:
        raise Refused(_("Everybody chooses for themselves how letters come."))
    if language and language not in dict(settings.LETTER_LANGUAGES):
        raise Refused(_("Letters aren’t written in this language."), field="language")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.letters_daily != daily:
        person.letters_daily = daily
        act = "letters.daily" if daily else "letters.at-once"
        audit.record(act, by=by, record=f"person {person.pk}")
        if not daily:
            digests.release(person)
    if person.letter_language != language:
        person.letter_language = language
        audit.record("letters.language", by=by, record=f"person {person.pk}")
    person.save(update_fields=["letters_daily", "letter_language"])
    return person


@transaction.atomic
def let_in(person: Person, *, active: bool, by: Person) -> User:
    """Let a person sign in, or no longer; who is signed in is out at the next request."""
    user = User.objects.select_for_update().filter(person=person).first()
    if user is None:
        raise Refused(_("%(name)s has no account.") % {"name": person.name})
    if by.pk == person.pk:
        raise Refused(_("You can't shut yourself out. Ask another administrator."))
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        entry = audit.record(
            "account.opened" if active else "account.closed", by=by, record=f"person {person.pk}"
        )
        tell_chair(
            "account-changed",
            occasion=f"entry {entry.pk}",
            subject=gettext_lazy("An account was opened or closed"),
            text=gettext_lazy(
                "The office has changed who can sign in. The list of people shows it."
            ),
            link=f"/office/people/{person.pk}/",
        )
    return user


@transaction.atomic
def set_away(
    person: Person, *, start: date, until: date | None, by: Person, at: datetime
) -> Absence | None:
    """Note until when an officer is away; with `until` None they are back.

    Said by themselves, or by the office. What they said before for the days to come is replaced.
    """
    day = timezone.localdate(at)
    roles = set(Role.objects.on(day).filter(person=by).values_list("kind", flat=True))
    if by.pk != person.pk and Role.Kind.ADMINISTRATOR not in roles:
        raise Refused(_("Only they themselves or the office can say that somebody is away."))
    if until and (until < start or until < day):
        raise Refused(_("The last day away has to be still to come."), field="until")
    Person.objects.select_for_update().get(pk=person.pk)
    running = Absence.objects.filter(person=person, until__gte=day)
    running.filter(start__lt=day).update(until=day - timedelta(days=1))
    running.filter(start__gte=day).delete()
    away = None
    if until:
        away = Absence.objects.create(
            person=person, start=max(start, day), until=until, by=by, at=at
        )
        deputies = Role.objects.on(day).filter(kind=Role.Kind.DEPUTY).exclude(person=person)
        for seat in deputies.select_related("person"):
            letters.write(
                "standing-in",
                seat.person,
                occasion=f"absence {away.pk}",
                subject=gettext_lazy("You stand in for the Chair"),
                text=letters.words(
                    gettext_lazy(
                        "From %(start)s to %(until)s the Chair is away, and you act as Chair."
                    )
                )
                % {
                    "start": letters.dated(away.start),
                    "until": letters.dated(away.until),
                },
                link="/committee/",
            )
    audit.record(
        "person.away" if away else "person.back",
        by=by,
        record=f"person {person.pk}",
        after=away and {"start": away.start, "until": away.until},
    )
    return away


@transaction.atomic
def give_role(
    person: Person, kind: str, *, start: date, end: date | None, by: Person | None
) -> Role:
    """Put a person into office. Nobody changes their own roles; the Chair is told."""
    if by and by.pk == person.pk:
        raise Refused(_("You can't change your own roles. Ask another administrator."))
    if end and end < start:
        raise Refused(_("The term ends before it starts."), field="end")
    try:
        with transaction.atomic():
            role = Role.objects.create(person=person, kind=kind, start=start, end=end)
    except IntegrityError as clash:
        raise Refused(
            _("%(name)s already holds this office in that time.") % {"name": person.name}
        ) from clash
    audit.record(
        "role.given",
        by=by,
        record=f"person {person.pk}",
        after={"kind": kind, "start": start, "end": end},
    )
    _tell_of_role(role)
    return role


@transaction.atomic
def end_role(role: Role, *, on: date, by: Person | None) -> Role:
    """End a term of office on a day. Nobody changes their own roles; the Chair is told."""
    role = Role.objects.select_for_update().get(pk=role.pk)
    if by and by.pk == role.person_id:
        raise Refused(_("You can't change your own roles. Ask another administrator."))
    if on < role.start:
        raise Refused(_("The term can't end before it started."), field="end")
    if role.end and on > role.end:
        raise Refused(
            _("This term ends earlier, on %(day)s. Give the role anew for what follows.")
            % {"day": date_format(role.end)},
            field="end",
        )
    before = {"kind": role.kind, "start": role.start, "end": role.end}
    role.end = on
    role.save(update_fields=["end"])
    audit.record(
        "role.ended", by=by, record=f"person {role.person_id}", before=before, after={"end": on}
    )
    _tell_of_role(role)
    return role


def _tell_of_role(role: Role) -> None:
    """The Chair reads of every change of a role."""
    tell_chair(
        "role-changed",
        occasion=f"role {role.pk} {role.end or 'open'}",
        subject=gettext_lazy("A role has changed"),
        text=gettext_lazy("The office has changed who holds a role. The list of people shows it."),
        link="/office/people/",
    )


def tell_chair(
    kind: str, *, occasion: str, subject: letters.Worded, text: letters.Worded, link: str
) -> None:
    """Write to whoever is Chair today about something that the office did."""
    seats = Role.objects.on(TruncDate(Now())).filter(kind=Role.Kind.CHAIR)
    for seat in seats.select_related("person"):
        letters.write(kind, seat.person, occasion=occasion, subject=subject, text=text, link=link)


# What an app above has to look at again, in the same transaction, when a relation appears or is
# older than was known. This app does not know what a placement is.
WATCHERS: list[Callable[[Relation], None]] = []


def relate(
    person: Person | int, applicant: Person | int, kind: str, *, since: date, source: str
) -> None:
    """Note what a person is to an applicant, in the transaction of the act that made it so.

    The earliest day is kept. A person is nothing to themselves.
    """
    person_id = getattr(person, "pk", person)
    applicant_id = getattr(applicant, "pk", applicant)
    if person_id == applicant_id:
        return
    relation, new = Relation.objects.get_or_create(
        person_id=person_id,
        applicant_id=applicant_id,
        kind=kind,
        defaults={"since": since, "source": source},
    )
    earlier = not new and since < relation.since
    if earlier:
        relation.since = since
        relation.save(update_fields=["since"])
    if new or earlier:
        for look in WATCHERS:
            look(relation)


@transaction.atomic
def declare(
    person: Person, applicant: Person, *, words: str, by: Person, at: datetime
) -> Declaration:
    """One of two people declares what they are to each other; it is shown, and bars nobody."""
    if by.pk not in (person.pk, applicant.pk) or person.pk == applicant.pk:
        raise Refused(_("You declare what you yourself are to somebody else."))
    if not words.strip():
        raise Refused(_("Say in a few words what you are to each other."), field="words")
    said = Declaration.objects.create(
        person=person, applicant=applicant, by=by, words=words.strip(), at=at
    )
    day = timezone.localdate(at)
    relate(person, applicant, Relation.Kind.DECLARED, since=day, source="declaration")
    audit.record(
        "relation.declared",
        by=by,
        record=f"declaration {said.pk}",
        after={"person": person.pk, "applicant": applicant.pk},
    )
    return said


@transaction.atomic
def take_back_declaration(declaration: Declaration, *, by: Person, at: datetime) -> Declaration:
    """Take back what one declared; what the other of the two declared stands."""
    person, applicant = declaration.person.current_id, declaration.applicant.current_id
    pair = {"person": person, "applicant": applicant}
    Relation.objects.select_for_update().filter(**pair, kind=Relation.Kind.DECLARED).first()
    stands = {
        row.by.current_id
        for row in declared_of(person)
        if (row.person.current_id, row.applicant.current_id) == (person, applicant)
    }
    if declaration.by.current_id != by.pk or by.pk not in stands:
        raise Refused(_("This was already taken back. Nothing was changed."))
    said = Declaration.objects.create(
        person_id=person, applicant_id=applicant, by=by, words="", at=at
    )
    if stands == {by.pk}:
        Relation.objects.filter(**pair, kind=Relation.Kind.DECLARED).delete()
    audit.record("relation.taken-back", by=by, record=f"declaration {declaration.pk}")
    return said
