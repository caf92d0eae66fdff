"""Who may be the same human being as somebody already on record, and why one may think so."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from credentialing.people.models import Credential, Distinct, Person

# Where dots in the name of a mailbox mean nothing, and under which other name it is reached.
DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
TITLES = frozenset(
    """
    dr prof professor mr mrs ms mx md do phd psyd edd dmin lcsw lmft lpc msw rn np ma ba bsc msc
    jr sr ii iii dipl med habil
    """.split()  # noqa: SIM905 - reads better
)
NEARLY = 0.86  # how alike two words are written that may be one word and a slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Somebody who may be the same person, with the reasons in words, the strongest first."""

    person: Person
    reasons: tuple[str, ...]

    @property
    def because(self) -> str:
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a person may be known again by."""

    words: tuple[str, ...] = ()
    mailboxes: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(slots=True)
class Register:
    """Everybody on record, to be found by each sign."""

    people: dict[int, Person]
    signs: dict[int, Signs]
    addresses: dict[str, int]
    by_sign: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for key, signs in self.signs.items():
            for kind, found in _filed(signs):
                self.by_sign[kind, found].add(key)

    def find(self, *, name: str, email: str = "", number: str = "") -> list[Match]:
        """Who may be somebody that is typed in: by name, address or credential number."""
        signs = Signs(
            words=_words(name),
            mailboxes=frozenset({mailbox(email)} if email else ()),
            numbers=frozenset({_plain(number)} if _plain(number) else ()),
        )
        return _ordered(self.like(signs), self.people)

    def at_address(self, email: str) -> Person | None:
        """The person whose address or account has this very address, capitals aside."""
        return self.people.get(self.addresses.get(email.casefold(), 0))

    def like(self, signs: Signs) -> dict[int, tuple[str, ...]]:
        """Whoever shares a sign, with the reasons."""
        near = set().union(*(self.by_sign.get(sign, set()) for sign in _filed(signs)))
        reasons = {key: tuple(_reasons(signs, self.signs[key])) for key in near}
        return {key: why for key, why in reasons.items() if why}


def possible_matches(people: Iterable[Person]) -> dict[int, list[Match]]:
    """Who may be the same person as each of these: key → matches, those with more reasons first.

    Compared are mailboxes in any disguise, credential numbers and names. Two whom the office has
    called different people do not match. The number of queries is the same for any number of
    people; people without a match are absent.
    """
    everybody = register()
    different = {frozenset(pair) for pair in Distinct.objects.values_list("one", "other")}
    found = {}
    for person in people:
        if person.pk not in everybody.signs:
            continue
        matches = {
            key: why
            for key, why in everybody.like(everybody.signs[person.pk]).items()
            if key != person.pk and frozenset((key, person.pk)) not in different
        }
        if matches:
            found[person.pk] = _ordered(matches, everybody.people)
    return found


def alike(*, name: str, email: str = "", number: str = "") -> list[Match]:
    """Who may be somebody that is typed in: by name, address or credential number."""
    return register().find(name=name, email=email, number=number)


def mailbox(address: str) -> str:
    """The mailbox that an address reaches, whatever disguise it wears."""
    plain = unicodedata.normalize("NFKC", address).strip().casefold()
    name, _at, domain = plain.rpartition("@")
    domain = domain.rstrip(".")
    with suppress(UnicodeError):  # else it is no domain that a letter could reach
        domain = domain.encode("idna").decode()
    name = name.strip('"').partition("+")[0]
    if domain in DOTLESS:
        name, domain = name.replace(".", ""), DOTLESS[domain]
    return f"{name}@{domain}"


def register() -> Register:
    """Everybody on record with their signs, in three queries. Who was merged adds signs to whom."""
    people, addresses, mailboxes, numbers = {}, {}, defaultdict(set), defaultdict(set)
    known = Person.objects.select_related("user").only(
        "name", "email", "merged_into", "profession", "erased_at", "user__email"
    )
    for person in known.order_by("pk"):
        key = person.merged_into_id or person.pk
        if key == person.pk:
            people[key] = person
        account = getattr(person, "user", None)
        for address in {person.email, account.email if account else ""} - {""}:
            mailboxes[key].add(mailbox(address))
            addresses[address.casefold()] = key
    for key, number in Credential.objects.values_list("person", "number"):
        numbers[key].add(_plain(number))
    return Register(
        people,
        {
            key: Signs(
                words=_words(person.name),
                mailboxes=frozenset(mailboxes[key]),
                numbers=frozenset(numbers[key]),
            )
            for key, person in people.items()
        },
        addresses,
    )


def _filed(signs: Signs) -> Iterable[tuple[str, str]]:
    yield from (("mailbox", each) for each in signs.mailboxes)
    yield from (("number", each) for each in signs.numbers)
    yield from (("word", each) for each in signs.words if len(each) > 1)


def _reasons(one: Signs, other: Signs) -> Iterable[str]:
    if one.mailboxes & other.mailboxes:
        yield _("the same mailbox")
    if one.numbers & other.numbers:
        yield _("the same credential number")
    if one.words and sorted(one.words) == sorted(other.words):
        yield _("the same name")
    elif _resemble(one.words, other.words):
        yield _("a similar name")


def _resemble(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """A name with an initial or a middle name, or with a slip of the keyboard in one word."""
    if len(one) < 2 or len(other) < 2:
        return False
    if one[-1] == other[-1] and _initial(one[0], other[0]):
        return True
    mine, theirs = (
        [each for each in one if each not in other],
        [each for each in other if each not in one],
    )
    return len(mine) == len(theirs) == 1 and _slip(mine[0], theirs[0])


def _slip(one: str, other: str) -> bool:
    """Two words that differ by a letter or two; a number is never a slip of another."""
    if abs(len(one) - len(other)) > 2 or min(len(one), len(other)) < 4:
        return False
    if not (one + other).isalpha() or (one[0] != other[0] and one[-1] != other[-1]):
        return False
    return SequenceMatcher(None, one, other).ratio() >= NEARLY


def _initial(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _words(name: str) -> tuple[str, ...]:
    """The words of a name without accents, titles and signs; a family name in front goes last."""
    family, comma, given = name.partition(",")
    if comma and given.strip() and not set(_split(given)) <= TITLES:
        name = f"{given} {family}"
    words = [word for word in _split(name) if word not in TITLES]
    return tuple(words or _split(name))


def _split(name: str) -> list[str]:
    """“Dr. Ödön d’Arcy-Smith” → dr, odon, d, arcy, smith."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("ph.d", "phd")
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in kept).split()


def _plain(number: str) -> str:
    return "".join(sign for sign in number.casefold() if sign.isalnum())


def _ordered(matches: Mapping[int, tuple[str, ...]], people: Mapping[int, Person]) -> list[Match]:
    strongest = sorted(matches, key=lambda key: (-len(matches[key]), people[key].name, key))
    return [Match(person=people[key], reasons=matches[key]) for key in strongest]
