"""The credentialing intensive: who led with the candidate, who evaluated, what was presented."""

from dataclasses import dataclass

from credentialing.rules.case import Case, Issue, Rulings
from credentialing.rules.facts import Intensive, Item, WrittenAssessment
from credentialing.rules.measures.base import Finding, Looking, Measure, Since


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidacies(Looking):
    """The intensives as a candidate."""

    def selects(self, item: Item) -> bool:
        return isinstance(item, Intensive) and item.role == "candidate"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalIntensive(Measure):
    """One intensive as a candidate, after `participant`, led with `faculty` different people."""

    since: Since = "any"
    participant: str
    faculty: int = 2

    def measure(self, case: Case, rulings: Rulings) -> Finding:
        looked = _Candidacies(evidence="intensives", since=self.since).look(case, rulings.counted)
        candidacies = [item for item in looked.counted if isinstance(item, Intensive)]
        finding = Finding(unit="intensive", required=1, done=0, remaining=1)
        if candidacies:
            questions = {item.id: self._issues(item, case, rulings) for item in candidacies}
            chosen = min(
                reversed(candidacies),
                key=lambda item: len(rulings.standing(questions[item.id])),
            )
            looked.set_aside((item for item in candidacies if item is not chosen), "superseded")
            finding.done, finding.remaining = 1, 0
            finding.evidence = [chosen.id]
            finding.issues = questions[chosen.id]
            finding.advisories = _relations("evaluator-relation", {chosen.evaluator}, chosen, case)
        finding.uncounted = looked.uncounted()
        return finding

    def _issues(self, candidacy: Intensive, case: Case, rulings: Rulings) -> list[Issue]:
        faculty = set(candidacy.co_led_with)
        issues = _relations("faculty-conflict", faculty, candidacy, case)
        before = sum(
            each.role == "participant" and each.completed and each.end < candidacy.start
            for each in case.portfolio.intensives
        )
        needed = rulings.participations
        if before < needed:
            issues.append(Issue("before-participation", f"{before} of {needed}"))
        if len(faculty) < self.faculty:
            issues.append(Issue("co-leading-incomplete", str(len(faculty))))
        if not candidacy.evaluator:
            issues.append(Issue("evaluator-missing"))
        elif candidacy.evaluator in faculty:
            issues.append(Issue("evaluator-is-faculty", candidacy.evaluator))
        if not case.holds(candidacy.met_on):
            issues.append(Issue("no-meeting"))
        presented = candidacy.assessment or WrittenAssessment()
        to = {"candidate": presented.to_candidate, "committee": presented.to_committee}
        lacking = [reader for reader, day in to.items() if not case.holds(day)]
        if lacking:
            issues.append(Issue("assessment-not-presented", ", ".join(lacking)))
        return issues


def _relations(
    code: str, people: set[str] | set[str | None], candidacy: Intensive, case: Case
) -> list[Issue]:
    """One for each relation that one of these people had to the applicant by then."""
    return [
        Issue(code, f"{person}: {relation}")
        for person, relation in sorted(case.relations(candidacy.end))
        if person in people
    ]
