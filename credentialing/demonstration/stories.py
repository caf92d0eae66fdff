"""The cases of the demonstration, one story each: acts through the operations, evidence as rows."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from random import Random

from dateutil.relativedelta import relativedelta

import applicants.operations as applying
import intensives.operations as intensive_acts
import reviews.operations as reviewing
import supervision.operations as supervising
from applicants.models import (
    REFERENCE_ALPHABET,
    Application,
    BalintGroup,
    Claim,
    Meeting,
    Membership,
    Ruling,
)
from credentialing.demonstration import evidence, form
from credentialing.demonstration.cast import Cast
from credentialing.demonstration.evidence import moment
from credentialing.people.models import Person, Profession
from intensives.models import Enrolment, Intensive, SmallGroup
from reviews.models import Ballot, Choice
from supervision.models import Session, Supervision


class Stage:
    """The ground that the stories share: the cast, the calendar, and the intensives."""

    def __init__(self, cast: Cast, rng: Random) -> None:
        self.cast, self.rng, self.today = cast, rng, cast.today
        self.applicants = 0
        self.committee = [member.pk for member in (cast.chair, *cast.committee)]
        self.spring = self.intensive(cast.ago(months=8), "Spring Leader Intensive")
        self.latest = self.intensive(cast.ago(days=12), "Autumn Leader Intensive")
        self.coming = self.intensive(
            cast.today + timedelta(days=45), "Winter Leader Intensive", first=2
        )

    def intensive(self, end: date, title: str, *, first: int = 0) -> Intensive:
        """An intensive of the Society with two small groups and their faculty."""
        at = moment(min(end - timedelta(days=150), self.today - timedelta(days=30)))
        by = self.cast.office[0]
        made = intensive_acts.create_intensive(
            title=f"{title} {end.year}",
            organiser="American Balint Society",
            place=self.rng.choice(["Boston", "Santa Rosa", "Chicago", "Charleston"]),
            start=end - timedelta(days=3),
            end=end,
            capacity=40,
            price_note="Members pay the reduced fee.",
            by=by,
            at=at,
        )
        intensive_acts.publish_intensive(made, by=by, at=at)
        for number, name in enumerate(("Group A", "Group B")):
            seats = [self.cast.faculty[(first + 2 * number + seat) % 6] for seat in (0, 1)]
            intensive_acts.add_small_group(
                made, name=name, first_faculty=seats[0], second_faculty=seats[1], by=by, at=at
            )
        return made

    def announce(self) -> None:
        """The intensives of the year to come: a day ahead can be told by them."""
        for months, title in ((7, "Summer Leader Intensive"), (13, "Winter Leader Intensive")):
            self.intensive(self.today + relativedelta(months=months), title)

    # --- What an applicant does ------------------------------------------------------------

    def applicant(self, profession: str = Profession.PHYSICIAN) -> Person:
        self.applicants += 1
        return self.cast.member(f"applicant{self.applicants:02}", profession)

    def start(self, person: Person, day: date) -> Application:
        """A draft, with a reference that the same seed draws again."""
        reference = "".join(self.rng.choices(REFERENCE_ALPHABET, k=6))
        return applying.start_application(person, at=moment(day, 13), reference=reference)

    def apply(self, person: Person, day: date, *, months_of_group: bool = True) -> Application:
        """A submitted application with its first group and co-leader."""
        case = self.start(person, day)
        if months_of_group:
            self.group(person, day)
        form.fill(case, at=moment(day, 14))
        return applying.submit(case, by=person, at=moment(day, 15))

    def accepted(self, person: Person, day: date) -> Application:
        case = self.apply(person, day)
        return applying.accept(case, by=self.cast.chair, at=moment(day + timedelta(days=6)))

    def group(self, person: Person, start: date, *, alone: bool = False) -> BalintGroup:
        partner = None if alone else self.cast.co_leader()
        leaders = [{"person": person, "profession": person.profession, "start": None, "end": None}]
        if partner:
            profession = partner.profession
            leaders.append(
                {"person": partner, "profession": profession, "start": None, "end": None}
            )
        weekday = start.strftime("%A")
        return applying.create_group(
            person,
            name=f"{weekday} residents’ group",
            setting=BalintGroup.Setting.MEDICAL,
            start=start,
            end=None,
            leaders=leaders,
            by=person,
            at=moment(start),
        )

    def partner(self, group: BalintGroup) -> Person | None:
        other = group.leaders.exclude(person=group.applicant).select_related("person").first()
        return other.person if other else None

    def lead(
        self,
        person: Person,
        start: date,
        *,
        until: date | None = None,
        every: int = 14,
        without: Sequence[tuple[date, date]] = (),
    ) -> BalintGroup:
        """Evenings in the person's group from a day on."""
        group = person.balint_groups.get()
        evidence.evenings(
            group,
            self.partner(group),
            start=start,
            until=until or self.today - timedelta(days=2),
            every=every,
            without=without,
            rng=self.rng,
        )
        if every % 7 == 0:
            schedule = {
                "weekday": start.weekday(),
                "every_weeks": every // 7,
                "meets_at": time(18, 30),
                "usual_minutes": 90,
                "usual_debriefing": None if self.partner(group) is None else 35,
            }
            applying.plan_group(group, schedule, by=person)
        return group

    def supervised(self, case: Application, supervisor: Person, began: date) -> Supervision:
        asked = supervising.ask_supervisor(
            case, supervisor, group=None, by=case.applicant, at=moment(began, 13)
        )
        return supervising.accept_supervision(asked, by=supervisor, at=moment(began, 16))

    def took_part(self, person: Person, end: date) -> Enrolment:
        """A completed intensive as a participant."""
        offered = Intensive.objects.filter(end=end, title__startswith="Leader Intensive").first()
        offered = offered or Intensive.objects.create(
            title=f"Leader Intensive {end.year}",
            organiser="American Balint Society",
            place="Boston",
            start=end - timedelta(days=3),
            end=end,
            published_at=moment(end - timedelta(days=150)),
        )
        return Enrolment.objects.create(
            intensive=offered,
            person=person,
            role=Enrolment.Role.PARTICIPANT,
            completed=True,
            enrolled_at=moment(end - timedelta(days=60)),
        )

    def attested(self, case: Application, day: date) -> None:
        """The co-leader of the group has confirmed its evenings up to a day."""
        group = case.applicant.balint_groups.get()
        partner = self.partner(group)
        asked = applying.ask_co_leader(group, partner, by=case.applicant, at=moment(day))
        applying.answer_attestation(
            asked,
            given=True,
            name=partner.name,
            role="Co-leader of the group",
            reason="",
            by_link=True,
            at=moment(day + timedelta(days=2)),
        )

    def claim(self, case: Application, credit: str, facts: dict[str, object], day: date) -> Claim:
        return applying.claim_credit(
            case, credit=credit, facts=facts, leader=None, by=case.applicant, at=moment(day)
        )

    # --- The way to the review -------------------------------------------------------------

    def two_years(self, *, months: int = 28, supervisor: Person | None = None) -> Application:
        """An accepted case in which everything but the final intensive is done."""
        start = self.cast.ago(months=months)
        person = self.applicant()
        case = self.accepted(person, start)
        self.lead(person, start)
        supervisor = supervisor or self.rng.choice(self.cast.supervisors)
        running = self.supervised(case, supervisor, start + timedelta(days=8))
        evidence.sessions(
            running, evidence.every_other_month(running.began, self.today - timedelta(days=20))[:12]
        )
        self.took_part(person, start - relativedelta(months=5))
        self.took_part(person, start + relativedelta(months=9))
        return case

    def candidacy(
        self, case: Application, offered: Intensive, *, evaluator: Person | None = None
    ) -> Enrolment:
        """A candidate enrolled and placed at an intensive, before it begins."""
        at = moment(min(offered.start - timedelta(days=30), self.today - timedelta(days=2)))
        enrolment = intensive_acts.enrol(
            offered, case.applicant, role=Enrolment.Role.CANDIDATE, by=case.applicant, at=at
        )
        groups = SmallGroup.objects.filter(intensive=offered).order_by("pk")
        return intensive_acts.place(
            enrolment,
            small_group=self.rng.choice(list(groups)),
            evaluator=evaluator or self.rng.choice(self.cast.evaluators),
            by=self.cast.chair,
            at=at,
        )

    def led(self, enrolment: Enrolment) -> Enrolment:
        """Both co-led sessions, and the intensive completed."""
        offered, group = enrolment.intensive, enrolment.small_group
        for number, colleague in enumerate((group.first_faculty, group.second_faculty), 1):
            intensive_acts.record_co_led(
                enrolment,
                faculty=colleague,
                date=offered.start + timedelta(days=number),
                by=colleague,
                at=moment(offered.end, 16),
            )
        intensive_acts.complete([enrolment], by=group.first_faculty, at=moment(offered.end, 17))
        enrolment.refresh_from_db()
        return enrolment

    def assessed(self, enrolment: Enrolment, *, present: bool = True) -> Enrolment:
        """The joint assessment drafted, agreed to, and presented to both."""
        offered, group = enrolment.intensive, enrolment.small_group
        after = min(offered.end + timedelta(days=6), self.today - timedelta(days=1))
        draft = intensive_acts.save_assessment(
            enrolment,
            body=form.assessment(),
            met_on=offered.end,
            revision=0,
            by=enrolment.evaluator,
            at=moment(after, 13),
        )
        intensive_acts.agree(
            draft, revision=draft.revision, by=group.first_faculty, at=moment(after, 15)
        )
        if not present:
            return enrolment
        intensive_acts.agree(
            draft, revision=draft.revision, by=group.second_faculty, at=moment(after, 16)
        )
        for to in ("candidate", "committee"):
            intensive_acts.present(draft, to=to, by=enrolment.evaluator, at=moment(after, 18))
        return enrolment

    def ready(self, **about: object) -> Application:
        case = self.two_years(**about)  # type: ignore[arg-type]
        self.assessed(self.led(self.candidacy(case, self.spring)))
        return case

    def reviewed(self, **about: object) -> Application:
        case = self.ready(**about)
        reviewing.open_review(case, by=self.cast.chair, at=moment(self.cast.ago(days=40)))
        case.refresh_from_db()
        return case

    def recommended(self, outcome: str = "for", **about: object) -> Application:
        case = self.reviewed(**about)
        reviewing.recommend(
            case,
            outcome=outcome,
            reasons="The Committee went through the record and the joint assessment together.",
            met_on=self.cast.ago(days=21),
            took_part=self.committee,
            by=self.cast.chair,
            at=moment(self.cast.ago(days=20)),
        )
        case.refresh_from_db()
        return case

    def ballot(self, case: Application, opened: date, days: int) -> Ballot:
        return reviewing.open_ballot(
            case,
            closes_at=moment(opened + timedelta(days=days), 21),
            by=self.cast.office[0],
            at=moment(opened, 14),
        )


# --- The stories ---------------------------------------------------------------------------------


def draft(stage: Stage) -> None:
    """Begun last week, half filled."""
    case = stage.start(stage.applicant(), stage.cast.ago(days=6))
    form.fill(case, at=moment(stage.cast.ago(days=5)), only=("person", "practice"))


def submitted(stage: Stage) -> None:
    """Waits for the Chair, for the second time: one can read what was changed."""
    case = stage.apply(stage.applicant(), stage.cast.ago(days=17))
    applying.return_application(
        case,
        by=stage.cast.chair,
        at=moment(stage.cast.ago(days=14)),
        reason="Please say in your statement how you lead your second group.",
    )
    form.rewrite_statement(case, at=moment(stage.cast.ago(days=9)))
    applying.submit(case, by=case.applicant, at=moment(stage.cast.ago(days=9)))


def returned(stage: Stage) -> None:
    """Sent back with a reason."""
    case = stage.apply(stage.applicant(Profession.PSYCHOLOGIST), stage.cast.ago(days=30))
    applying.return_application(
        case,
        by=stage.cast.chair,
        at=moment(stage.cast.ago(days=22)),
        reason="Please name the co-leader of your second group, or say that there is none.",
    )
    form.rewrite_statement(case, at=moment(stage.cast.ago(days=2)))


def beginner(stage: Stage) -> None:
    """Accepted in spring; leads, debriefs, has a supervisor; asked a question."""
    start = stage.cast.ago(months=7)
    case = stage.accepted(stage.applicant(), start)
    stage.lead(case.applicant, start + timedelta(days=3))
    running = stage.supervised(case, stage.cast.supervisors[0], start + timedelta(days=20))
    days = evidence.every_other_month(running.began, stage.today - timedelta(days=5))
    evidence.sessions(running, days, unconfirmed=days[-1:])
    supervising.log_session(
        running,
        date=stage.today + timedelta(days=9),
        minutes=60,
        state=Session.State.PLANNED,
        by=case.applicant,
        at=moment(stage.cast.ago(days=3)),
    )
    sue = stage.cast.supervisors[0]
    supervising.keep_availability(
        sue,
        takes_requests=True,
        places=10,
        note="Online on Thursday evenings, in English or Spanish.",
        by=sue,
        at=moment(stage.cast.ago(days=30)),
    )
    supervising.add_forgotten(
        running,
        supervising.Remembered(date=days[0] + timedelta(days=21), minutes=50),
        by=sue,
        at=moment(stage.cast.ago(days=2)),
    )
    stage.attested(case, stage.cast.ago(days=40))
    applying.ask(
        case,
        text="How do you divide the leading of the group with your co-leader?",
        due=stage.today + timedelta(days=10),
        by=stage.cast.chair,
        at=moment(stage.cast.ago(days=4)),
    )
    answered = applying.ask(
        case,
        text="Where does your group meet?",
        due=stage.today - timedelta(days=20),
        by=stage.cast.chair,
        at=moment(stage.cast.ago(days=40)),
    )
    text = "In the library of the residency, every second Tuesday after the noon conference."
    applying.answer(answered, text=text, by=case.applicant, at=moment(stage.cast.ago(days=31)))


def claimant(stage: Stage) -> None:
    """Claims credit as a former group member; the Committee has not ruled."""
    start = stage.cast.ago(months=13)
    case = stage.accepted(stage.applicant(), start)
    stage.lead(case.applicant, start)
    running = stage.supervised(case, stage.cast.supervisors[1], start)
    evidence.sessions(running, evidence.every_other_month(start, stage.today - timedelta(days=15)))
    stage.took_part(case.applicant, start + relativedelta(months=4))
    stage.attested(case, stage.cast.ago(days=20))
    # An evening that the co-leader confirmed is taken out: the attestation is out of date.
    evening = Meeting.objects.filter(group__applicant=case.applicant).earliest("date")
    applying.withdraw_evidence(
        evening,
        reason="It was a meeting about the rooms.",
        by=case.applicant,
        at=moment(stage.cast.ago(days=6)),
    )
    facts = {"start": "2012-02-01", "end": "2014-11-30", "per_month": 2}
    claim = stage.claim(case, "balint-group-member", facts, stage.cast.ago(days=12))
    paper = form.letter(
        "To whom it may concern",
        "",
        "The bearer of this letter was a member of our Balint group from",
        "February 2012 to November 2014. We met twice a month.",
    )
    applying.upload_document(
        case,
        kind="letter",
        title="Letter of the group leader",
        file=paper,
        claim=claim,
        by=case.applicant,
        at=moment(stage.cast.ago(days=12)),
    )


def credited(stage: Stage) -> None:
    """Was granted the credit for process group training, and refused another."""
    start = stage.cast.ago(months=16)
    case = stage.accepted(stage.applicant(Profession.PSYCHIATRIST), start)
    stage.lead(case.applicant, start)
    running = stage.supervised(case, stage.cast.supervisors[2], start)
    evidence.sessions(running, evidence.every_other_month(start, stage.today - timedelta(days=15)))
    supervising.release_report(
        supervising.save_report(
            running,
            year=1,
            text="The group has become a place where silence is borne. The frame is kept.",
            ratings={
                "frame": ("strength", ""),
                "process": ("growing", "Parallels are seen afterwards, and more and more at once."),
                "supervision": ("sound", ""),
            },
            by=stage.cast.supervisors[2],
            at=moment(stage.cast.ago(days=100)),
        ),
        by=stage.cast.supervisors[2],
        at=moment(stage.cast.ago(days=99)),
    )
    ruled = {"met_on": start + timedelta(days=40), "took_part": stage.committee}
    facts = {"formal_training": True, "laboratory_months": 5}
    claim = stage.claim(case, "process-group-training", facts, start + timedelta(days=20))
    at = moment(start + timedelta(days=41))
    reason = "The training and its laboratory are documented."
    applying.grant(claim, in_lieu_per_year=None, reason=reason, by=stage.cast.chair, at=at, **ruled)
    facts = {"start": "2019-01-01", "end": "2020-06-30", "per_month": 1}
    claim = stage.claim(case, "balint-group-member", facts, start + timedelta(days=21))
    reason = "The group met for eighteen months; the text asks for two years."
    applying.refuse(claim, reason=reason, by=stage.cast.chair, at=at, **ruled)


def alone(stage: Stage) -> None:
    """Leads without a co-leader, which is put before the Committee."""
    start = stage.cast.ago(months=10)
    person = stage.applicant()
    stage.group(person, start, alone=True)
    case = stage.apply(person, start, months_of_group=False)
    applying.accept(case, by=stage.cast.chair, at=moment(start + timedelta(days=5)))
    stage.lead(person, start)


def rural(stage: Stage) -> None:
    """Meets once a month, which the Committee accepted."""
    start = stage.cast.ago(months=20)
    case = stage.accepted(stage.applicant(), start)
    stage.lead(case.applicant, start, every=30)
    running = stage.supervised(case, stage.cast.supervisors[3], start)
    evidence.sessions(running, evidence.every_other_month(start, stage.today - timedelta(days=15)))
    for requirement in ("leading", "debriefing"):
        applying.rule(
            case,
            kind=Ruling.Kind.ACCEPT,
            requirement=requirement,
            terms={"accept": [{"code": "below-ideal", "detail": None}]},
            reason="A rural site: one meeting a month is what the setting allows.",
            met_on=start + timedelta(days=100),
            took_part=stage.committee,
            by=stage.cast.chair,
            at=moment(start + timedelta(days=101)),
        )


def interrupted(stage: Stage) -> None:
    """A break of five months, and a supervision year that fell short."""
    start = stage.cast.ago(months=30)
    case = stage.accepted(stage.applicant(), start)
    pause = (start + relativedelta(months=9), start + relativedelta(months=14))
    stage.lead(case.applicant, start, without=[pause])
    running = stage.supervised(case, stage.cast.supervisors[0], start)
    days = evidence.every_other_month(start, stage.today - timedelta(days=15))
    evidence.sessions(running, [day for day in days if not pause[0] <= day <= pause[1]])
    stage.took_part(case.applicant, start + relativedelta(months=3))


def lapsed(stage: Stage) -> None:
    """Membership ended three weeks ago, in the middle of the process."""
    start = stage.cast.ago(months=14)
    case = stage.accepted(stage.applicant(), start)
    stage.lead(case.applicant, start)
    Membership.objects.filter(person=case.applicant).update(end=stage.cast.ago(days=21))


def to_place(stage: Stage) -> None:
    """Signed up for the coming intensive; one faculty member was the supervisor."""
    case = stage.two_years(months=27, supervisor=stage.cast.supervisors[1])
    intensive_acts.enrol(
        stage.coming,
        case.applicant,
        role=Enrolment.Role.CANDIDATE,
        by=case.applicant,
        at=moment(stage.cast.ago(days=3)),
    )


def being_assessed(stage: Stage) -> None:
    """Just led at an intensive; the joint assessment is a draft that one of two agreed to."""
    case = stage.two_years()
    stage.assessed(stage.led(stage.candidacy(case, stage.latest)), present=False)


def ready(stage: Stage) -> None:
    """Everything is met; the review can be opened."""
    stage.ready()


def under_review(stage: Stage) -> None:
    """In review for five weeks, discussed."""
    case = stage.reviewed()
    reviewing.remark(
        case,
        text="The narrative of the joint assessment is convincing; let us look at the first year.",
        by=stage.cast.committee[0],
        at=moment(stage.cast.ago(days=30)),
    )


def _further_work(stage: Stage, due: date) -> None:
    case = stage.reviewed(months=31)
    version = reviewing.ask_further_work(
        case,
        activities=[
            {
                "area": "Protecting the presenter",
                "activity": "Four further supervision sessions on the role of the presenter",
                "measure": "The supervisor’s report",
                "due": due,
            }
        ],
        note="Two of us would like to see one more season.",
        by=stage.cast.chair,
        at=moment(stage.cast.ago(days=35)),
    )
    if due < stage.today:
        reviewing.consent(version, by=case.applicant, at=moment(stage.cast.ago(days=33)))


def work_proposed(stage: Stage) -> None:
    """Further work proposed by the Chair; the applicant has not agreed yet."""
    _further_work(stage, stage.today + timedelta(days=60))


def work_overdue(stage: Stage) -> None:
    """Further work agreed to, and its deadline missed."""
    _further_work(stage, stage.cast.ago(days=4))


def recommended(stage: Stage) -> None:
    """Recommended; the ballot can be opened."""
    stage.recommended()


def before_council(stage: Stage) -> None:
    """An open ballot: one Council member supervised the applicant; two have voted."""
    case = stage.recommended(supervisor=stage.cast.council[0])
    ballot = stage.ballot(case, stage.cast.ago(days=2), 7)
    for member, choice in zip(stage.cast.council[1:3], (Choice.FOR, Choice.ABSTAIN), strict=True):
        reviewing.cast(ballot, choice=choice, remark="", by=member)


def _decided(stage: Stage, choices: Sequence[Choice], **about: object) -> Application:
    case = stage.recommended(**about)
    ballot = stage.ballot(case, stage.today - timedelta(days=1), 7)
    for member, choice in zip(stage.cast.council, choices, strict=False):
        reviewing.cast(ballot, choice=choice, remark="", by=member)
    opened = moment(stage.cast.ago(days=8))
    closed = moment(stage.cast.ago(days=1), 21)
    Ballot.objects.filter(pk=ballot.pk).update(opened_at=opened, closes_at=closed)
    reviewing.close_ballot(ballot)
    return case


def credentialed(stage: Stage) -> None:
    """Credentialed, with number and certificate, and listed in the public register."""
    holder = _decided(stage, [Choice.FOR] * 5 + [Choice.ABSTAIN]).applicant
    reviewing.set_listing(holder, listed=True, by=holder, at=moment(stage.today))


def refused(stage: Stage) -> None:
    """Not credentialed: the vote was a tie; an appeal waits for the Chair."""
    case = _decided(stage, [Choice.FOR] * 3 + [Choice.AGAINST] * 3, months=33)
    case.refresh_from_db()
    reviewing.appeal(
        case,
        text="Three of six were for it. My supervisor would tell the Committee of the last year.",
        by=case.applicant,
        at=moment(stage.today),
    )


def withdrawn(stage: Stage) -> None:
    """Withdrawn by the applicant."""
    case = stage.accepted(stage.applicant(), stage.cast.ago(months=11))
    applying.withdraw(
        case, by=case.applicant, at=moment(stage.cast.ago(months=2)), reason="I am moving abroad."
    )


def closed(stage: Stage) -> None:
    """Closed by the Chair after a long silence."""
    case = stage.accepted(stage.applicant(), stage.cast.ago(months=40))
    applying.close(
        case,
        by=stage.cast.chair,
        at=moment(stage.cast.ago(months=1)),
        reason="No entry and no answer for two years.",
    )


def chairs_own(stage: Stage) -> None:
    """The Chair leads the applicant's group with them: the deputy acts."""
    start = stage.cast.ago(months=5)
    person = stage.applicant()
    leaders = [
        {"person": person, "profession": person.profession, "start": None, "end": None},
        {
            "person": stage.cast.chair,
            "profession": Profession.PSYCHIATRIST,
            "start": None,
            "end": None,
        },
    ]
    applying.create_group(
        person,
        name="Faculty group",
        setting=BalintGroup.Setting.MEDICAL,
        start=start,
        end=None,
        leaders=leaders,
        by=person,
        at=moment(start),
    )
    case = stage.apply(person, start, months_of_group=False)
    applying.accept(case, by=stage.cast.deputy, at=moment(start + timedelta(days=8)))
    stage.lead(person, start)


def midway(stage: Stage) -> None:
    """One of many: somewhere in the two years."""
    start = stage.cast.ago(months=stage.rng.randint(2, 25), days=stage.rng.randint(0, 27))
    profession = stage.rng.choice([Profession.PHYSICIAN, Profession.PSYCHIATRIST])
    case = stage.accepted(stage.applicant(profession), start)
    stage.lead(case.applicant, start + timedelta(days=5), every=stage.rng.choice((7, 14, 14)))
    running = stage.supervised(case, stage.rng.choice(stage.cast.supervisors), start)
    days = evidence.every_other_month(start, stage.today - timedelta(days=10))
    evidence.sessions(running, days, unconfirmed=days[-1:])
    for months in stage.rng.sample((-14, -3, 4, 11), k=stage.rng.randint(0, 2)):
        end = start + relativedelta(months=months)
        if end < stage.today:
            stage.took_part(case.applicant, end)


STORIES: tuple[Callable[[Stage], None], ...] = (
    draft,
    submitted,
    returned,
    beginner,
    claimant,
    credited,
    alone,
    rural,
    interrupted,
    lapsed,
    to_place,
    being_assessed,
    ready,
    under_review,
    work_proposed,
    work_overdue,
    recommended,
    before_council,
    credentialed,
    refused,
    withdrawn,
    closed,
    chairs_own,
)
