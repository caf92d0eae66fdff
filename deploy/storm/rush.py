"""The acts of a storm, over HTTP, five at the same moment around each case."""

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from applicants.models import Application, Membership
from credentialing.people.models import Role
from deploy.storm.world import Actor, World
from reviews.models import MeetingVote

LANES = 5  # cases at the same time
AT_ONCE = 5  # acts at the same moment around one case
OPEN_FOR = 9  # seconds, at least
BURSTS = 7  # before a ballot closes, also on a busy machine
CHOICES = ("for", "against", "abstain")
TOKEN = "s" * 32  # of the form and of the cookie
PATIENCE = 120
SEEN = re.compile(r'name="seen" value="(\w+)"')
KEPT_OPEN = 20  # seconds; the server would close an idle connection later

Act = Callable[[], int]


class Rush:
    """What was sent, and how it was answered."""

    def __init__(
        self,
        world: World,
        cases: Iterator[tuple[Application, Actor, Membership]],
        *,
        port: int,
        operations: int,
    ) -> None:
        self.world, self.cases, self.port, self.wanted = world, cases, port, operations
        self.answers: Counter[tuple[str, int]] = Counter()
        self.sent = self.begun = 0
        self.pace = 0.0  # seconds that a burst takes, of late
        self.lock = threading.Lock()
        self.kept = threading.local()

    def run(self) -> None:
        """Go on, case after case, until enough was sent."""
        lanes = [threading.Thread(target=self.lane, args=(number,)) for number in range(LANES)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()

    def lane(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - a storm that can be had again
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while self.sent < self.wanted:
                with self.lock:
                    self.begun += 1
                    case = next(self.cases)
                Round(self, *case, chance=chance, pool=pool).run()

    def post(self, what: str, who: Actor, path: str, **fields: str | list[str]) -> int:
        """One act; the status of its answer, 0 where there was none."""
        connection = getattr(self.kept, "connection", None)
        if connection is None or time.monotonic() > self.kept.until:
            connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
            self.kept.connection = connection
        self.kept.until = time.monotonic() + KEPT_OPEN
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={who.cookie}; csrftoken={TOKEN}",
        }
        body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN}, doseq=True)
        status, self.kept.answer = 0, ""
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            self.kept.answer = answer.read().decode(errors="replace")
            status = answer.status
        except (OSError, http.client.HTTPException):
            with suppress(OSError):
                connection.close()
            self.kept.connection = None
        with self.lock:
            self.sent += 1
            self.answers[what, status] += 1
        return status


class Round:
    """Everything that happens around one case."""

    def __init__(
        self,
        rush: Rush,
        case: Application,
        applicant: Actor,
        membership: Membership,
        *,
        chance: random.Random,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.rush, self.world, self.chance, self.pool = rush, rush.world, chance, pool
        self.case, self.applicant, self.membership = case, applicant, membership
        self.has_lapsed = False
        few = chance.random() < 0.15  # too few for a quorum
        self.voters = chance.sample(self.world.council, 4 if few else len(self.world.council))

    def run(self) -> None:
        if self.chance.random() < 0.1:
            self.meeting()
            return
        open_for = max(OPEN_FOR, BURSTS * self.rush.pace)
        closes = timezone.localtime() + timedelta(seconds=open_for + 1)
        closes = closes.replace(microsecond=0)
        self.burst(self.open(self.world.chair, closes), self.open(self.world.offices[0], closes))
        ends = closes.timestamp()
        bursts = [self.votes, self.end_of_office, self.recusal]
        while time.time() < ends - 0.4:
            self.burst(*(bursts.pop(0) if bursts else self.votes)())
        time.sleep(max(0, ends - time.time() - self.chance.uniform(0.1, 0.25)))
        self.burst(*self.at_the_end())
        self.burst(*self.votes())
        if self.has_lapsed and self.chance.random() < 0.7:
            time.sleep(1)
            self.member_until("")()

    def burst(self, *acts: Act) -> None:
        """Do these at the same moment, and wait for all."""
        began = time.monotonic()
        for done in [self.pool.submit(act) for act in acts]:
            done.result()
        self.rush.pace = 0.9 * self.rush.pace + 0.1 * (time.monotonic() - began)

    def votes(self) -> list[Act]:
        """Two votes and a change of one member, and two of others."""
        first, second, third = (self.chance.choice(self.voters) for _each in range(3))
        return [self.vote(who) for who in (first, first, first, second, third)]

    def recusal(self) -> list[Act]:
        """A member recuses while voting."""
        who = self.chance.choice(self.voters)
        return [self.vote(who), self.recuse(who), self.vote(who), self.recuse(who), self.vote(who)]

    def end_of_office(self) -> list[Act]:
        """A member's office ends while she votes; a reserve takes the seat for later ballots."""
        with self.rush.lock:
            if not self.world.reserves or self.chance.random() < 0.4:
                return self.votes()
            who = self.chance.choice(self.voters)
            if who not in self.world.council:
                return self.votes()
            follows = self.world.reserves.pop()
            self.world.council.remove(who)
            self.world.council.append(follows)
        role = Role.objects.get(person=who.person, kind=Role.Kind.COUNCIL, end__isnull=True)
        office = self.chance.choice(self.world.offices)
        day = (timezone.localdate() - timedelta(days=1)).isoformat()
        path = reverse("end-role", args=[role.pk])
        new = reverse("give-role", args=[follows.person.pk])
        return [
            self.vote(who),
            self.act("end of office", office, path, **{f"role-{role.pk}-end": day}),
            self.vote(who),
            self.vote(who),
            self.act("new member", office, new, kind="council", start="2020-01-01"),
        ]

    def at_the_end(self) -> list[Act]:
        """Votes at the very moment of closing, beside something that stands in its way."""
        votes = [self.votes_of(who) for who in self.chance.choices(self.voters, k=4)]
        lot = self.chance.random()
        self.has_lapsed = lot < 0.3
        if self.has_lapsed:
            day = timezone.localdate() - timedelta(days=10)
            return [*votes, self.member_until(day.isoformat())]
        if lot < 0.38:
            path = reverse("move", args=[self.case.reference, "send-back"])
            return [*votes, self.act("sent back", self.world.chair, path, reason="Again.")]
        if lot < 0.43:
            path = reverse("withdraw-application")
            return [*votes, self.act("withdrawn", self.applicant, path, reason="Enough.")]
        return [*votes, self.votes_of(self.voters[0])]

    def meeting(self) -> None:
        """A vote taken in a room, entered and confirmed by two at once, beside a ballot."""
        first, second = self.world.offices
        closes = timezone.localtime() + timedelta(seconds=2)
        today = timezone.localdate().isoformat()
        path = reverse("meeting-vote", args=[self.case.reference])
        present = [str(member.person.pk) for member in self.world.council[:8]]
        counts = {"votes_for": "5", "votes_against": "3", "abstained": "0"}

        def enter(who: Actor) -> Act:
            said = {"held_on": today, "minutes": "As spoken.", **counts}
            return self.act("meeting's vote", who, path, present=present, **said)

        self.burst(enter(first), enter(second), self.open(self.world.chair, closes))
        for vote in MeetingVote.objects.filter(recommendation__application=self.case):
            place = reverse("confirm-meeting-vote", args=[self.case.reference, vote.pk])
            self.burst(
                *(
                    self.act("confirmed", who, place, answer="confirm")
                    for who in (first, second, self.world.chair)
                ),
                self.open(self.world.chair, closes),
            )

    def open(self, who: Actor, closes: object) -> Act:
        path = reverse("open-ballot", args=[self.case.reference])
        return self.act("opening", who, path, closes_at=f"{closes:%Y-%m-%dT%H:%M:%S}")

    def vote(self, who: Actor) -> Act:
        path, choice = reverse("cast-vote", args=[self.case.reference]), self.chance.choice(CHOICES)
        return self.act("vote", who, path, choice=choice)

    def votes_of(self, who: Actor) -> Act:
        """Three votes of one member, one after the other."""
        acts = [self.vote(who) for _each in range(3)]
        return lambda: [act() for act in acts][-1]

    def recuse(self, who: Actor) -> Act:
        path = reverse("recuse", args=[self.case.reference])
        return self.act("recusal", who, path, reason="A friend.")

    def member_until(self, day: str) -> Act:
        path = reverse("membership", args=[self.membership.pk])
        said = {"start": self.membership.start.isoformat(), "end": day}
        self.act("membership looked at", self.world.offices[1], path, **said)()
        seen = SEEN.search(self.rush.kept.answer)
        said |= {"step": "save", "seen": seen[1] if seen else ""}
        return self.act("membership", self.world.offices[1], path, **said)

    def act(self, what: str, who: Actor, path: str, **fields: str | list[str]) -> Act:
        return partial(self.rush.post, what, who, path, **fields)
