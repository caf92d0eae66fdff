"""The evidence of a dossier: the logs as tables, attestations, claims, presented assessments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from credentialing.people.models import Person
from credentialing.rules import words
from credentialing.standing.queries import Standing
from intensives.competencies import TEXTS
from intensives.models import Enrolment
from reviews.dossiers.contents import Note, Table
from reviews.queries.lines import title
from supervision.models import Session
from supervision.queries import Asked, asked


def tables(stood: Standing, *, own: bool, presented: bool) -> Iterable[Table]:
    """Every list of the portfolio that holds something, one table each.

    The applicant reads who evaluated once the joint assessment was presented.
    """
    portfolio, names = stood.portfolio, stood.names
    counts = counted(stood)
    shows_evaluator = presented or not own
    yield from _filled(
        _("Balint groups"),
        (_("Group"), _("Setting"), _("From"), _("To"), _("Leaders")),
        (
            (
                names.get(group["id"], group["id"]),
                _("medical") if group["setting"] == "medical" else _("other"),
                day(group["start"]),
                day(group["end"]),
                _named(stood, (leader["person"] for leader in group["leaders"])),
            )
            for group in portfolio["groups"]
        ),
    )
    yield from _filled(
        _("Group meetings"),
        (_("Day"), _("Group"), _("Cases"), _("Minutes"), _("In the assessment")),
        (
            (
                day(meeting["date"]),
                names.get(meeting["group"], meeting["group"]),
                _number(meeting["cases"]),
                _number(meeting["minutes"]),
                counts.get(meeting["id"], ""),
            )
            for meeting in portfolio["meetings"]
        ),
    )
    yield from _filled(
        _("Debriefings"),
        (_("Day"), _("Group"), _("With"), _("Minutes"), _("In the assessment")),
        (
            (
                day(debriefing["date"]),
                names.get(debriefing["group"], debriefing["group"]),
                _named(stood, debriefing["with"]),
                _number(debriefing["minutes"]),
                counts.get(debriefing["id"], ""),
            )
            for debriefing in portfolio["debriefings"]
        ),
    )
    yield from _filled(
        _("Supervision sessions"),
        (
            _("Day"),
            _("Supervisor"),
            _("State"),
            _("Minutes"),
            _("Confirmed"),
            _("In the assessment"),
        ),
        (
            (
                day(session["date"]),
                _named(stood, [session["supervisor"]]),
                str(Session.State(session["state"]).label),
                _number(session["minutes"]),
                day(session["confirmed"]),
                counts.get(session["id"], ""),
            )
            for session in portfolio["supervision"]
        ),
    )
    yield from _filled(
        _("Intensives"),
        (
            _("Days"),
            _("Organiser"),
            _("As"),
            _("Completed"),
            _("Faculty and evaluator"),
            _("In the assessment"),
        ),
        (
            (
                _("%(start)s to %(end)s")
                % {"start": day(attended["start"]), "end": day(attended["end"])},
                attended["organiser"] or "",
                str(Enrolment.Role(attended["role"]).label),
                _("yes") if attended["completed"] else _("no"),
                _led(stood, attended, evaluator=shows_evaluator),
                counts.get(attended["id"], ""),
            )
            for attended in portfolio["intensives"]
        ),
    )
    yield from _filled(
        _("Other evidence"),
        (_("Day"), _("Kind"), _("By"), _("Minutes"), _("In the assessment")),
        (
            (
                day(other["date"]),
                other["kind"] or "",
                _named(stood, filter(None, [other.get("by")])),
                _number(other["minutes"]),
                counts.get(other["id"], ""),
            )
            for other in portfolio["other"]
        ),
    )


def _filled(
    caption: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> Iterable[Table]:
    held = tuple(rows)
    if held:
        yield Table(caption=f"{caption} ({len(held)})", columns=columns, rows=held)


def counted(stood: Standing) -> dict[str, str]:
    """What the assessment says of each item: that it counts, or why it does not."""
    found: dict[str, list[str]] = {}
    for entry in stood.entries.values():
        served = entry["detail"].get("in_lieu", []) if entry["detail"] else []
        for key in entry["evidence"]:
            found.setdefault(key, []).insert(0, _("counts"))
        for key in served:
            found.setdefault(key, []).append(_("serves in lieu of supervision"))
        for said in entry["uncounted"]:
            found.setdefault(said["id"], []).append(words.uncounted(said))
    return {key: "; ".join(dict.fromkeys(said)) for key, said in found.items()}


def day(value: Any) -> str:
    """A day in words; empty where there is none."""
    return words.day(value) if value else ""


def _number(value: Any) -> str:
    return "" if value is None else str(value)


def _named(stood: Standing, people: Iterable[str]) -> str:
    return words.listed([stood.names.get(person, person) for person in people])


def _led(stood: Standing, attended: Mapping[str, Any], *, evaluator: bool) -> str:
    said = []
    if attended["co_led_with"]:
        said.append(_("co-led with %(names)s") % {"names": _named(stood, attended["co_led_with"])})
    if evaluator and attended["evaluator"]:
        said.append(_("evaluated by %(name)s") % {"name": _named(stood, [attended["evaluator"]])})
    return "; ".join(said)


def attestations(applicant: Person, *, own: bool, at: datetime) -> Iterable[Note]:
    """What was attested, word for word, by whom and how; a refusal's reason, but to the applicant.

    The address to which a link went is in no edition.
    """
    answered = [one for one in asked(applicant, at=at, superseded=True) if one.answer]
    for one in sorted(answered, key=lambda each: (each.answer.at, each.answer.pk)):
        answer = one.answer
        facts = [answer.name, answer.role, day(timezone.localdate(answer.at)), _how(one)]
        texts = [("", answer.text)]
        if one.standing == "out-of-date":
            texts.append((_("Out of date"), _("What was attested has changed since.")))
        if not answer.given and answer.reason and not own:
            texts.append((_("Reason"), answer.reason))
        heading = _("%(kind)s: attested") if answer.given else _("%(kind)s: declined")
        kind = str(one.attestation.get_kind_display())
        yield Note(
            heading=heading % {"kind": kind[:1].upper() + kind[1:]},
            facts=", ".join(filter(None, facts)),
            texts=tuple(texts),
        )


def _how(one: Asked) -> str:
    if one.answer.scan_id:
        return _("documented elsewhere: on paper, entered by the office with a scan")
    if one.went_elsewhere:
        return _("through a link to an address that the applicant gave")
    return _("through a link") if one.answer.by_link else _("signed in")


FACTS = {
    "start": "from",
    "end": "to",
    "per_month": "times a month",
    "formal_training": "formal training",
    "laboratory_months": "months of group laboratory",
    "leader_credentialed": "leader credentialed at the time",
    "leader": "leader",
    "attested": "attested on",
}


def claims(stood: Standing) -> Iterable[Note]:
    """Prior experience as it is claimed, and where each claim stands."""
    said = {each["id"]: each for each in stood.data["claims"]}
    for claim in stood.portfolio["claims"]:
        facts = "; ".join(
            f"{FACTS.get(name, name.replace('_', ' '))}: {_fact(stood, value)}"
            for name, value in claim["facts"].items()
            if value is not None
        )
        credit = stood.procedure.credit(claim["credit"])
        texts = [(credit.clause, credit.text)] if credit else []
        if claim["id"] in said:
            texts.append((_("Where it stands"), words.claim(said[claim["id"]])))
        yield Note(heading=title(claim["credit"]), facts=facts, texts=tuple(texts))


def _fact(stood: Standing, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    if len(text) == len("2026-01-31") and text[4:5] == "-":
        return words.day(text)
    return stood.names.get(text, text)


def presented(content: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """A presented assessment as labels and texts, in the words under which it was written."""
    yield from _shown(_("Intensive"), _where(content))
    rated = content.get("competencies")
    if isinstance(rated, Sequence):
        said = [f"{each['label']}: {each['said']}" for each in rated if each.get("said")]
        yield from _shown(_("Competencies (the project's own list)"), "\n".join(said))
    for name, label in TEXTS:
        yield from _shown(str(label), content.get(name))
    answers = [_answer(each) for each in content.get("faculty", [])]
    yield from _shown(_("The faculty's answers"), "\n".join(answers))


def _shown(label: str, text: Any) -> Iterable[tuple[str, str]]:
    if text:
        yield label, str(text)


def _where(content: Mapping[str, Any]) -> str:
    held = content.get("intensive") or {}
    said = [
        held.get("title"),
        held.get("place"),
        _("%(start)s to %(end)s") % {"start": day(held["start"]), "end": day(held["end"])}
        if held.get("start") and held.get("end")
        else "",
        _("evaluated by %(name)s") % {"name": content["evaluator"]["name"]}
        if content.get("evaluator")
        else "",
        _("the three met on %(day)s") % {"day": day(content["met_on"])}
        if content.get("met_on")
        else "",
    ]
    return ", ".join(filter(None, said))


def _answer(faculty: Mapping[str, Any]) -> str:
    if faculty.get("agrees"):
        return _("%(name)s agrees.") % {"name": faculty["name"]}
    return _("%(name)s dissents: %(dissent)s") % {
        "name": faculty["name"],
        "dissent": faculty.get("dissent", ""),
    }
