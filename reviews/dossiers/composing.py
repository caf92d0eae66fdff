"""What each reader's edition of a dossier holds. Field by field, never a model as a whole.

The Committee's discussion stands in no edition: the office opens them all, and may not read it.
No address of anybody stands in any edition.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib import metadata
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import intensives.queries
from applicants.models import Application, Document, Stage
from applicants.sections import PARTS
from credentialing.people.models import Person
from credentialing.records.society import current as society_now
from credentialing.rules import words
from credentialing.standing.queries import Standing, standing
from reviews.dossiers import evidence, paper
from reviews.dossiers.contents import Attached, Contents, Note, Table
from reviews.models import Decision, Dossier
from reviews.queries import ballots, frozen, rulings
from supervision.models import Report
from supervision.queries import report_title

Edition = Dossier.Edition
# From here on a case is read as it was taken into review.
REVIEWED = (
    Stage.UNDER_REVIEW,
    Stage.FURTHER_WORK,
    Stage.RECOMMENDED,
    Stage.BEFORE_COUNCIL,
    Stage.DECIDED,
)
# Attached files together; what is beyond stays with the Society, and the list says so.
MOST_ATTACHED = 40_000_000


def compose(application: Application, edition: str, *, number: int, at: datetime) -> Contents:
    """One edition of a case's dossier as of now, or as of its snapshot once it is in review."""
    own, society = edition == Edition.APPLICANT, society_now()
    snapshot = _snapshot(application)
    stood: Standing = (
        frozen.standing_of(snapshot) if snapshot else standing(application, timezone.localdate(at))
    )
    assessment = json.dumps(stood.data, ensure_ascii=False, indent=1, sort_keys=True)
    files, documents = _documents(application)
    return Contents(
        edition=str(edition),
        edition_name=str(Edition(edition).label),
        number=number,
        reference=application.reference,
        society=society.name,
        logo=paper.logo_of(society),
        procedure=stood.procedure.id,
        procedure_title=stood.procedure.title,
        procedure_is_partial=not stood.procedure.complete,
        applicant=application.applicant.name,
        stage=str(application.get_stage_display()),
        as_of=stood.as_of,
        issued_at=at,
        digest=hashlib.sha256(assessment.encode()).hexdigest(),
        software=software(),
        verify_address=settings.SITE_URL + reverse("verify-file"),
        snapshot=snapshot.number if snapshot else None,
        facts=_facts(application),
        summary=frozen.summary(stood),
        lines=tuple(_lines(application, stood)),
        form=tuple(_form(application)),
        evidence=tuple(evidence.tables(stood, own=own, presented=_is_presented(application))),
        attestations=tuple(evidence.attestations(application.applicant, own=own, at=at)),
        claims=tuple(evidence.claims(stood)),
        reports=tuple(_reports(application)),
        assessments=tuple(_assessments(application, own=own)),
        rulings=tuple(_rulings(application, stood, own=own)),
        questions=tuple(_questions(application)),
        timeline=tuple(_timeline(application)),
        recommendation=tuple(_recommendation(application, own=own)),
        result=tuple(_result(application)),
        documents=documents,
        attached=(
            Attached(
                name="assessment.json",
                title=_("The assessment as data"),
                content=assessment.encode(),
                relationship="Data",
            ),
            *files,
        ),
    )


@cache
def software() -> str:
    """What made a paper: this application's version, and that of what sets its pages."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return f"{project['name']} {project['version']}, WeasyPrint {metadata.version('weasyprint')}"


def _snapshot(application: Application) -> Any:
    """The snapshot that a case rests on: the recommendation's, else the newest of its review."""
    recommendation = ballots.recommendation_of(application)
    if application.stage not in REVIEWED:
        return None
    if recommendation:
        return recommendation.snapshot
    return application.snapshots.order_by("-number").first()


def _facts(application: Application) -> tuple[tuple[str, str], ...]:
    said = [
        (_("Case"), application.reference),
        (_("Applicant"), application.applicant.name),
        (_("Profession"), words_of(application.applicant.get_profession_display())),
        (_("Stage"), words_of(application.get_stage_display())),
        (_("Submitted"), day(application.submitted_on)),
        (_("Accepted"), day(application.accepted_on)),
        (_("Decided"), day(application.decided_on)),
    ]
    return tuple((term, text) for term, text in said if text)


def words_of(label: Any) -> str:
    """A label with a capital first letter."""
    text = str(label)
    return text[:1].upper() + text[1:]


def day(value: Any) -> str:
    """A day in words; empty where there is none."""
    return words.day(value) if value else ""


def _lines(application: Application, stood: Standing) -> Iterable[dict[str, Any]]:
    ruled = rulings.in_words(rulings.of_case(application), stood)
    for line in frozen.lines(stood):
        adjusted = [ruled.get(key, "") for key in line["entry"]["adjusted_by"]]
        yield {**line, "rulings": [{"label": each} for each in adjusted if each]}


def _form(application: Application) -> Iterable[Note]:
    """The texts of the form as it was last submitted."""
    version = application.versions.order_by("-number").first()
    sections = version.sections if version else {}
    for part in PARTS.values():
        answers = sections.get(part.key) if isinstance(sections, dict) else None
        texts = tuple(
            ("", text)
            for key in ("institution", "place", "description", "alone", "statement")
            if isinstance(answers, dict) and isinstance(text := answers.get(key), str) and text
        )
        if texts:
            yield Note(heading=str(part.title), texts=texts)


def _is_presented(application: Application) -> bool:
    return bool(intensives.queries.presented_to_candidate(application.applicant))


def _reports(application: Application) -> Iterable[Note]:
    """The supervisors' reports that were released: a draft is its author's alone."""
    found = Report.objects.filter(
        supervision__applicant=application.applicant_id, released_at__isnull=False
    )
    ordered = found.select_related("supervision__supervisor").order_by("written_at", "pk")
    for report in ordered:
        yield Note(
            heading=report_title(report.year),
            facts=_("%(name)s, %(day)s")
            % {
                "name": report.supervision.supervisor.name,
                "day": day(timezone.localdate(report.released_at)),
            },
            texts=(("", report.text), *_rated(report)),
        )


def _rated(report: Report) -> Iterable[tuple[str, str]]:
    """The rated competencies of a report, with the words under which it was written."""
    said = [
        ": ".join(filter(None, (each["label"], each["rated"], each["remark"])))
        for each in report.rated
    ]
    if said:
        yield _("Competencies (the project's own list)"), "\n".join(said)


def _assessments(application: Application, *, own: bool) -> Iterable[Note]:
    """The joint assessments that were presented to this reader, as they were presented."""
    presented = (
        intensives.queries.presented_to_candidate(application.applicant)
        if own
        else intensives.queries.presented(application)
    )
    for made in presented:
        yield Note(
            heading=_("Presented on %(day)s by %(name)s")
            % {"day": day(made.presented_on), "name": made.by.name},
            facts=_("SHA-256 of the content: %(digest)s") % {"digest": made.digest},
            texts=(
                *evidence.presented(made.content),
                *(
                    (
                        _("Added by %(name)s on %(day)s")
                        % {"name": each.by.name, "day": day(timezone.localdate(each.at))},
                        each.text,
                    )
                    for each in made.assessment.added
                ),
            ),
        )


def _rulings(application: Application, stood: Standing, *, own: bool) -> Iterable[Note]:
    """Outcome and reason; who took part and when the Committee met, for all but the applicant."""
    known = rulings.labels(stood)
    found = list(rulings.of_case(application))
    people = names(key for ruling in found for key in ruling.took_part)
    for ruling in found:
        facts = [_("Ruled on %(day)s.") % {"day": day(ruling.ruled_on)}]
        if not own:
            facts.append(_("Entered by %(name)s.") % {"name": ruling.by.name})
            facts += _met(ruling.met_on, ruling.took_part, people)
        texts = [(_("Reason"), ruling.reason)]
        if hasattr(ruling, "revocation"):
            revoked = _("Revoked from %(day)s") % {"day": day(ruling.revocation.revoked_on)}
            texts.append((revoked, ruling.revocation.reason))
        yield Note(
            heading=rulings.describe(ruling, known), facts=" ".join(facts), texts=tuple(texts)
        )


def _met(met_on: Any, took_part: Iterable[int], people: Mapping[int, str]) -> list[str]:
    said = []
    if met_on:
        said.append(_("The Committee met on %(day)s.") % {"day": day(met_on)})
    present = [people[key] for key in took_part if key in people]
    if present:
        said.append(_("Took part: %(names)s.") % {"names": words.listed(present)})
    return said


def names(keys: Iterable[int]) -> dict[int, str]:
    """The names of persons by key."""
    return dict(Person.objects.filter(pk__in=set(keys)).values_list("pk", "name"))


def _questions(application: Application) -> Iterable[Note]:
    for asked in application.questions.order_by("asked_at", "pk"):
        answered = _("Answered on %(day)s") % {"day": day(_on(asked.answered_at))}
        yield Note(
            heading=_("Asked on %(day)s") % {"day": day(_on(asked.asked_at))},
            texts=(
                ("", asked.text),
                (answered, asked.answer) if asked.answered_at else (_("Not answered yet"), ""),
            ),
        )


def _on(at: datetime | None) -> Any:
    return timezone.localdate(at) if at else None


def _timeline(application: Application) -> Iterable[Table]:
    """The timelines for further work to which both sides agreed."""
    agreed = application.timelines.filter(agreed__isnull=False).select_related("agreed")
    for timeline in agreed.order_by("opened_at", "pk"):
        yield Table(
            caption=_("Agreed timeline of %(day)s") % {"day": day(_on(timeline.agreed.at))},
            columns=(
                _("Area of need"),
                _("Activity"),
                _("How success is seen"),
                _("Due"),
                _("Done"),
            ),
            rows=tuple(
                (
                    activity.area,
                    activity.activity,
                    activity.measure,
                    day(activity.due),
                    " ".join(filter(None, [day(activity.done_on), activity.done_note])),
                )
                for activity in timeline.agreed.activities.order_by("due", "pk")
            ),
        )


def _recommendation(application: Application, *, own: bool) -> Iterable[Note]:
    """What the Committee recommends; to the applicant, that it did."""
    recommendation = ballots.recommendation_of(application)
    if recommendation is None:
        return
    on = day(_on(recommendation.at))
    if own:
        yield Note(
            heading=_("Recorded on %(day)s") % {"day": on},
            texts=(("", _("The Committee has recorded its recommendation to the Council.")),),
        )
        return
    facts = _met(recommendation.met_on, recommendation.took_part, names(recommendation.took_part))
    yield Note(
        heading=_("The Committee recommends %(outcome)s")
        % {"outcome": recommendation.get_outcome_display()},
        facts=" ".join([_("Recorded on %(day)s.") % {"day": on}, *facts]),
        texts=((_("Reasons"), recommendation.reasons),),
    )


def _result(application: Application) -> Iterable[Note]:
    """What the Council decided, now or before; never how anybody voted."""
    decisions = Decision.objects.filter(ballot__recommendation__application=application)
    for decision in decisions.select_related("credential").order_by("at", "pk"):
        outcome = _("credentialed") if decision.credentialed else _("not credentialed")
        texts = []
        if decision.credential:
            texts = [(_("Number of the credential"), decision.credential.number)]
        yield Note(
            heading=_("Decided on %(day)s: %(outcome)s")
            % {"day": day(decision.decided_on), "outcome": outcome},
            texts=tuple(texts),
        )


def _documents(application: Application) -> tuple[list[Attached], Table | None]:
    """The case's documents, listed with their digests, and attached as far as there is room."""
    found = application.documents.filter(withdrawn_at__isnull=True).order_by("uploaded_at", "pk")
    attached, rows, room = [], [], MOST_ATTACHED
    for number, document in enumerate(found, start=1):
        content = content_of(document) if document.size <= room else None
        name = ""
        if content is not None:
            room -= len(content)
            name = f"document-{number:02}{_ending(document)}"
            attached.append(
                Attached(
                    name=name,
                    title=document.title,
                    content=content,
                    relationship="Supplement",
                    document=document.pk,
                )
            )
        rows.append(
            (
                document.title,
                words_of(document.get_kind_display()),
                day(_on(document.uploaded_at)),
                name or _("kept by the Society"),
                document.sha256,
            )
        )
    if not rows:
        return [], None
    columns = (_("Title"), _("Kind"), _("Uploaded"), _("Attached as"), _("SHA-256"))
    return attached, Table(caption=_("Each with its digest"), columns=columns, rows=tuple(rows))


ENDINGS = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def _ending(document: Document) -> str:
    return ENDINGS.get(document.content_type, ".bin")


def content_of(document: Document) -> bytes | None:
    """The bytes of a document, if they are there and are those that were uploaded."""
    try:
        with document.file.open("rb") as kept:
            content: bytes = kept.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == document.sha256 else None
