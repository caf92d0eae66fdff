"""The facts of a portfolio: one applicant's evidence, as it is on record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from credentialing.rules.calendar import Day
from credentialing.rules.reading import perhaps, table, words

Setting = Literal["medical", "other"]
Profession = Literal[
    "physician",
    "psychiatrist",
    "psychologist",
    "counselor",
    "clinical-social-worker",
    "nurse",
    "chaplain",
    "teacher",
    "other",
]
EvidenceList = Literal["meetings", "debriefings", "supervision", "intensives", "other"]
IssueCode = Literal[
    "assessment-not-presented",
    "before-participation",
    "below-ideal",
    "co-leading-incomplete",
    "evaluator-is-faculty",
    "evaluator-missing",
    "faculty-conflict",
    "interrupted",
    "membership-gap",
    "no-co-leader",
    "no-meeting",
    "pairing",
    "ruling-needed",
    "short-year",
    "single-leader",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The days from `start` to `end`, both included; without an end it is open."""

    start: Day
    end: Day | None = None

    def covers(self, day: Day) -> bool:
        """Whether the day lies in the interval."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The days on which the application was submitted, accepted and decided."""

    submitted: Day | None = None
    accepted: Day | None = None
    decided: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """Someone who leads a group; without days of their own, for as long as the group lasts."""

    person: str
    profession: Profession
    start: Day | None = None
    end: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A Balint group and those who lead it."""

    id: str
    setting: Setting
    leaders: tuple[Leader, ...]
    start: Day
    end: Day | None = None

    def term(self, leader: Leader) -> Interval:
        """The days on which this leader leads the group."""
        return Interval(start=leader.start or self.start, end=leader.end or self.end)

    def led_by(self, leader: Leader, day: Day) -> bool:
        """Whether this leader leads the group on this day."""
        end = leader.end or self.end
        return (leader.start or self.start) <= day and (end is None or day <= end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A group meeting that the applicant led or co-led."""

    id: str
    group: str
    date: Day
    cases: int = 1
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debriefing:
    """A review of a group's process, with those who took part in it."""

    id: str
    group: str
    date: Day
    minutes: int | None = None
    partners: tuple[str, ...] = field(default=(), metadata={"key": "with"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A supervision session; `confirmed` is the day on which the supervisor attested it."""

    id: str
    date: Day
    supervisor: str
    state: Literal["planned", "held", "cancelled", "no-show"]
    confirmed: Day | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """A supervisor and the terms for which the Society approved them."""

    person: str
    approved: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAssessment:
    """The days on which the written assessment was presented."""

    to_candidate: Day | None = None
    to_committee: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensive:
    """A Balint Leader Intensive, as a participant or as a credentialing candidate."""

    id: str
    start: Day
    end: Day
    role: Literal["participant", "candidate"]
    completed: bool = False
    organiser: str | None = None
    co_led_with: tuple[str, ...] = ()
    evaluator: str | None = None
    met_on: Day | None = None
    assessment: WrittenAssessment | None = None

    @property
    def date(self) -> Day:
        """An intensive is dated by its last day."""
        return self.end

    @property
    def minutes(self) -> None:
        """Nobody takes the length of an intensive in minutes."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Evidence of any other kind."""

    id: str
    date: Day
    kind: str | None = None
    by: str | None = None
    minutes: int | None = None


Item = Meeting | Debriefing | Session | Intensive | Other

EVIDENCE: dict[str, type[Item]] = {
    "meetings": Meeting,
    "debriefings": Debriefing,
    "supervision": Session,
    "intensives": Intensive,
    "other": Other,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorExperience:
    """What a claim for credit says of the experience; what is not known is None."""

    start: Day | None = None
    end: Day | None = None
    per_month: float | None = None
    formal_training: bool | None = None
    laboratory_months: float | None = None
    leader: str | None = None
    leader_credentialed: bool | None = None
    attested: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim for credit for prior experience, and what was ruled on it."""

    id: str
    credit: str
    granted: Day | None = None
    refused: Day | None = None
    revoked: Day | None = None
    by: str | None = None
    reason: str | None = None
    in_lieu_per_year: int | None = None
    facts: PriorExperience | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """An issue that the Committee accepts; without a detail, every issue of its code."""

    code: IssueCode
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRuling:
    """The Committee's exception for one requirement: exactly one of its four kinds."""

    id: str
    requirement: str
    granted: Day
    reason: Annotated[str, words]
    revoked: Day | None = None
    by: str | None = None
    accept: tuple[Acceptance, ...] | None = None
    set: Annotated[Mapping[str, Any] | None, perhaps(table)] = None
    count: tuple[str, ...] | None = None
    waive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """All that is on record about one applicant's way to the credential."""

    applicant: str
    procedure: str | None = None
    application: Application | None = None
    memberships: tuple[Interval, ...] = ()
    groups: tuple[Group, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    debriefings: tuple[Debriefing, ...] = ()
    supervision_began: Day | None = None
    supervision: tuple[Session, ...] = ()
    supervisors: tuple[Supervisor, ...] = ()
    intensives: tuple[Intensive, ...] = ()
    other: tuple[Other, ...] = ()
    claims: tuple[Claim, ...] = ()
    exceptions: tuple[ExceptionRuling, ...] = ()
