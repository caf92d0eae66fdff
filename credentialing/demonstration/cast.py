"""The people of the demonstration society: invented, plausible, the same for the same seed."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from allauth.account.models import EmailAddress
from dateutil.relativedelta import relativedelta
from django.contrib.auth.hashers import make_password

from applicants.models import Membership
from credentialing.people.models import (
    Credential,
    CredentialStatus,
    Person,
    Profession,
    Role,
    User,
)
from supervision.models import Approval

PASSWORD = "demonstration only"  # noqa: S105 - printed by the command, and for nothing real

GIVEN = """
Adela Amos Anneke Basil Beatrix Bruno Camille Casper Clara Dario Delia Edmund Elif Emeka
Esther Fabian Farah Gideon Greta Hana Hugo Ingrid Isaac Jasmin Jonas Judith Kaito Karin
Lamar Leonie Livia Malik Mara Matteo Mirjam Nadia Nils Noor Odile Oscar Paloma Pavel Petra
Quentin Rafael Renata Rosa Samir Selma Simon Sofia Tamar Theo Ulrich Valeria Victor Wanda
Xavier Yara Zoltan
""".split()  # noqa: SIM905 - reads better
FAMILY = """
Abernathy Achterberg Baptiste Bergstrom Calloway Castellan Dahlgren Delacroix Eberhart
Esposito Fairbanks Ferreira Galloway Grunewald Halloran Haverkamp Ibarra Iwasaki Jankowski
Johannes Kaminski Kellerman Lindqvist Lombardi Marchetti Mbeki Nakagawa Novotny Okafor
Ostrander Pemberton Petrova Quigley Quintana Rasmussen Rosenthal Saldivar Schellekens
Takahashi Thibodeaux Umarov Underhill Valdez Vandermeer Whitlock Wieczorek Yamamoto Yilmaz
Zeller Zimmer
""".split()  # noqa: SIM905 - reads better


@dataclass
class Cast:
    """Everybody who has a part, beside the applicants."""

    today: date
    rng: Random
    names: list[str] = field(default_factory=list)
    password: str = ""

    def __post_init__(self) -> None:
        self.names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
        self.rng.shuffle(self.names)
        self.password = make_password(PASSWORD)  # one hash: the demonstration starts in seconds
        self.chair = self.officer("chair", Role.Kind.CHAIR, Role.Kind.COMMITTEE)
        self.deputy = self.officer("deputy", Role.Kind.DEPUTY, Role.Kind.COMMITTEE)
        self.committee = [self.officer(f"committee{n}", Role.Kind.COMMITTEE) for n in (1, 2)]
        self.council = [self.officer(f"council{n}", Role.Kind.COUNCIL) for n in range(1, 8)]
        self.office = [
            self.officer(name, Role.Kind.ADMINISTRATOR) for name in ("office", "office2")
        ]
        self.supervisors = [self.member(f"supervisor{n}") for n in range(1, 5)]
        self.faculty = [self.member(f"faculty{n}") for n in range(1, 7)]
        self.evaluators = [self.member(f"evaluator{n}") for n in range(1, 4)]
        # One Council member supervises, too: the Council's conflict in the open ballot.
        for supervisor in (*self.supervisors, self.council[0]):
            Approval.objects.create(supervisor=supervisor, start=self.ago(years=6), places=12)
        # Somebody entered the first of the faculty anew, with an initial: a possible match.
        given, _space, family = self.faculty[0].name.partition(" ")
        Person.objects.create(name=f"{given[0]}. {family}", profession=Profession.PHYSICIAN)
        leaders = [self.chair, self.deputy, *self.committee, *self.council]
        for leader in [*leaders, *self.supervisors, *self.faculty, *self.evaluators]:
            self.credential(leader)

    def ago(self, **span: int) -> date:
        return self.today - relativedelta(**span)

    def person(self, handle: str, profession: str = Profession.PHYSICIAN) -> Person:
        """A person with an account whose address is the handle."""
        made = Person.objects.create(
            name=self.names.pop(), email=f"{handle}@example.org", profession=profession
        )
        user = User.objects.create(
            email=made.email, name=made.name, person=made, password=self.password
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return made

    def member(self, handle: str, profession: str = Profession.PHYSICIAN) -> Person:
        made = self.person(handle, profession)
        Membership.objects.create(
            person=made, number=f"M{10000 + made.pk}", start=self.ago(years=8), end=None
        )
        return made

    def officer(self, handle: str, *kinds: str) -> Person:
        made = self.member(handle)
        for kind in kinds:
            Role.objects.create(person=made, kind=kind, start=self.ago(years=6))
        return made

    def co_leader(self) -> Person:
        """A person without an account, as most co-leaders are."""
        profession = self.rng.choice(
            [Profession.PSYCHOLOGIST, Profession.COUNSELOR, Profession.CLINICAL_SOCIAL_WORKER]
        )
        name = self.names.pop()
        address = name.lower().replace(" ", ".") + "@example.net"
        return Person.objects.create(name=name, email=address, profession=profession)

    def credential(self, leader: Person) -> Credential:
        """A credential from before this register was kept here."""
        since = self.ago(years=self.rng.randint(5, 12), days=self.rng.randint(0, 300))
        made = Credential.objects.create(
            number=f"ABS-{self.rng.randrange(10**6, 10**7)}",
            person=leader,
            title="Credentialed Balint Group Leader",
            since=since,
        )
        CredentialStatus.objects.create(credential=made, status="active", since=since)
        leader.listed = True
        leader.save(update_fields=["listed"])
        return made
