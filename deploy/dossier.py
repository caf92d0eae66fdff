"""`python -m deploy.dossier`: how long a thick dossier takes, beside WeasyPrint on the same HTML.

Two years of weekly evenings and thirty attached documents, about sixty pages. Each of the two is
made in a process of its own, in turn; its processor time (so that a busy machine matters little)
and its memory at most are measured there. Exit status 0: within three times, under 500 MB, and the
same bytes each time. `--many N` exports the dossiers of N small cases instead, by the worker's own
work, and asks for the same bound of memory.
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from deploy import roles
from deploy.refusal import spoken
from deploy.throwaway import servers

ROOT = Path(__file__).resolve().parent.parent
TIMES_AT_MOST, MEGABYTES_AT_MOST = 3.0, 500
ROUNDS = 3
AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
EVENINGS, SESSIONS, DOCUMENTS, LETTERS = 104, 24, 30, 12
PARAGRAPH = (
    "The group met in the seminar room after the clinic. The presenter spoke without notes; the "
    "leaders kept the frame, let the silence stand, and brought the talk back to the relationship "
    "when it turned to treatment. In the debriefing we asked what had been left unsaid. "
)


def main(arguments: list[str]) -> int:
    """Make the case once, then measure both in turn."""
    parser = argparse.ArgumentParser(prog="python -m deploy.dossier", description=__doc__)
    parser.add_argument("--keep", type=Path, help="put the dossier there, to look at")
    parser.add_argument("--many", type=int, help="export so many dossiers in one file")
    parser.add_argument("--once", choices=("ours", "bare", "many"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.once:
        made = export() if told.once == "many" else once(told.once, told.keep)
        print(json.dumps(made))
        return 0
    with servers() as environment:
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="credentialing.settings")
        subprocess.run(
            [sys.executable, ROOT / "manage.py", "migrate", "--no-input", "--verbosity", "0"],
            env=environment,
            check=True,
        )
        os.environ["DATABASE_URL"] = environment["DATABASE_URL"].replace(
            roles.OWNER, roles.APPLICATION
        )
        if told.many:
            make_cases(told.many)
            exported = child("many", None)
            print(", ".join(f"{name}: {value}" for name, value in exported.items()))
            lacks = exported["dossiers"] != told.many
            return int(lacks or exported["memory"] >= MEGABYTES_AT_MOST)
        make_case()
        measured: dict[str, list[dict[str, Any]]] = {"ours": [], "bare": []}
        for _round in range(ROUNDS):
            for which, found in measured.items():
                found.append(child(which, told.keep))
    return report(measured)


def child(which: str, keep: Path | None) -> dict[str, Any]:
    more = ["--keep", str(keep)] if keep else []
    done = subprocess.run(
        [sys.executable, "-m", "deploy.dossier", "--once", which, *more],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(measured: dict[str, list[dict[str, Any]]]) -> int:
    """Print the figures; the exit status."""
    seconds = {}
    for which, found in measured.items():
        seconds[which] = statistics.median(each["seconds"] for each in found)
        print(
            f"{which}: {seconds[which]:.1f} s (of {', '.join(str(e['seconds']) for e in found)}),"
            f" {found[0]['pages']} pages, {found[0]['megabytes']:.1f} MB,"
            f" memory {max(each['memory'] for each in found)} MB"
        )
    times = seconds["ours"] / seconds["bare"]
    memory = max(each["memory"] for each in measured["ours"])
    same = len({each["digest"] for each in measured["ours"]}) == 1
    print(f"{times:.2f} times; the same bytes each time: {'yes' if same else 'NO'}")
    return int(not (times < TIMES_AT_MOST and memory < MEGABYTES_AT_MOST and same))


def once(which: str, keep: Path | None) -> dict[str, Any]:
    """Make it here, and say what that took."""
    import django  # noqa: PLC0415

    django.setup()
    import pypdf  # noqa: PLC0415
    import weasyprint  # noqa: PLC0415 - loading it is no part of either
    from django.template.loader import render_to_string  # noqa: PLC0415

    from applicants.models import Application  # noqa: PLC0415
    from reviews.dossiers import composing, paper, signing  # noqa: PLC0415

    case = Application.objects.select_related("applicant").get()
    if which == "bare":
        contents = composing.compose(case, "council", number=1, at=AT)
        context = {"dossier": contents, "paper": paper.paper_class()}
        html = render_to_string("reviews/print/dossier.html", context)
        fetcher = paper._fetcher({})
        began = time.process_time()
        made = weasyprint.HTML(string=html, base_url=paper.BASE, url_fetcher=fetcher).write_pdf()
        took, digest = time.process_time() - began, ""
    else:
        began = time.process_time()
        made = paper.dossier(composing.compose(case, "council", number=1, at=AT))
        digest = hashlib.sha256(made).hexdigest()
        made = signing.signed(made, reason="Issued by the Society")
        took = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if keep:
        (keep / f"{which}.pdf").write_bytes(made)
    return {
        "seconds": round(took, 1),
        "memory": memory,
        "pages": len(pypdf.PdfReader(BytesIO(made)).pages),
        "megabytes": len(made) / 1e6,
        "digest": digest,
    }


def export() -> dict[str, Any]:
    """Export every case here, as the worker does, and say what that took."""
    import django  # noqa: PLC0415

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from credentialing.people.models import Person  # noqa: PLC0415
    from credentialing.records import jobs  # noqa: PLC0415
    from credentialing.work import KINDS  # noqa: PLC0415
    from reviews import operations  # noqa: PLC0415
    from reviews.models import Dossier  # noqa: PLC0415

    office = Person.objects.get(roles__kind="administrator")
    job = operations.ask_export(
        edition="committee", stage="", name="", by=office, at=timezone.now()
    )
    began = time.process_time()
    jobs.run_next(KINDS)
    job.refresh_from_db()
    return {
        "state": job.state,
        "dossiers": Dossier.objects.count(),
        "seconds": round(time.process_time() - began, 1),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "megabytes": round(job.file.size / 1e6, 1),
    }


def make_cases(number: int) -> None:
    """So many small cases, and an officer who exports them."""
    import django  # noqa: PLC0415

    django.setup()
    from applicants.models import Application, Membership  # noqa: PLC0415
    from credentialing.people.models import Person, Role  # noqa: PLC0415

    office = Person.objects.create(name="Otto Office")
    Role.objects.create(person=office, kind=Role.Kind.ADMINISTRATOR, start=date(2020, 1, 1))
    for each in range(number):
        applicant = Person.objects.create(name=f"Applicant {each}")
        Membership.objects.create(person=applicant, start=date(2024, 3, 4))
        Application.objects.create(
            applicant=applicant,
            stage="accepted",
            procedure="abs-2007",
            submitted_on=date(2024, 3, 4),
            accepted_on=date(2024, 3, 4),
        )


def make_case() -> None:
    """A case with two years of weekly evenings, letters and thirty documents."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.files.base import ContentFile  # noqa: PLC0415
    from weasyprint import HTML  # noqa: PLC0415

    from applicants import models as applied  # noqa: PLC0415
    from credentialing.people.models import Person  # noqa: PLC0415
    from supervision import models as supervised  # noqa: PLC0415

    people = [
        Person.objects.create(name=name, profession=profession)
        for name, profession in (
            ("Ann Applicant", "physician"),
            ("Bob Partner", "psychologist"),
            ("Sue Supervisor", "psychiatrist"),
        )
    ]
    ann, bob, sue = people
    start = date(2024, 3, 4)
    applied.Membership.objects.create(person=ann, start=start)
    case = applied.Application.objects.create(
        applicant=ann,
        stage="accepted",
        procedure="abs-2007",
        submitted_on=start,
        accepted_on=start,
    )
    applied.Version.objects.create(
        application=case,
        number=1,
        sections={"statement": {"statement": "\n\n".join([PARAGRAPH * 4] * 29)}},
        at=AT,
    )
    group = applied.BalintGroup.objects.create(
        applicant=ann, name="Residents’ group", setting="medical", start=start
    )
    for person in (ann, bob):
        applied.GroupLeader.objects.create(group=group, person=person, profession="physician")
    common = {"recorded_at": AT, "recorded_by": ann}
    for week in range(EVENINGS):
        day = start + timedelta(weeks=week)
        applied.Meeting.objects.create(group=group, date=day, minutes=90, **common)
        debriefing = applied.Debriefing.objects.create(group=group, date=day, minutes=40, **common)
        debriefing.partners.add(bob)
    supervised.Approval.objects.create(supervisor=sue, start=date(2010, 1, 1))
    running = supervised.Supervision.objects.create(
        applicant=ann, supervisor=sue, group=group, state="active", began=start, asked_at=AT
    )
    for number in range(SESSIONS):
        day = start + timedelta(days=10 + 30 * number)
        supervised.Session.objects.create(
            supervision=running, date=day, minutes=60, state="held", **common
        )
    for year in (1, 2):
        supervised.Report.objects.create(
            supervision=running,
            year=year,
            text="\n\n".join([PARAGRAPH * 4] * 29),
            written_at=AT,
            released_at=AT,
        )
    for number in range(LETTERS * 6):
        asked = applied.Attestation.objects.create(
            kind="co-leading",
            applicant=ann,
            attestor=bob,
            address="bob@example.org",
            text=PARAGRAPH * 3,
            digest="d" * 64,
            asked_at=AT,
            expires_at=AT,
            token_digest=f"{number:064}",
        )
        applied.AttestationAnswer.objects.create(
            attestation=asked,
            given=True,
            name=bob.name,
            text=asked.text,
            digest=asked.digest,
            by_link=True,
            at=AT,
        )
    for number in range(LETTERS):
        applied.Question.objects.create(
            application=case,
            text=PARAGRAPH,
            due=date(2026, 1, 1),
            asked_by=sue,
            asked_at=AT,
            answered_at=AT,
            answer=f"{number}. {PARAGRAPH * 3}",
        )
    for number in range(DOCUMENTS):
        text = "".join(f"<p>{PARAGRAPH * 4}</p>" for _each in range(8))
        content = HTML(string=f"<h1>Document {number}</h1>{text}").write_pdf()
        document = applied.Document(
            application=case,
            kind="letter",
            title=f"Letter {number + 1} of the residency programme",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content_type="application/pdf",
            uploaded_at=AT,
            uploaded_by=ann,
        )
        document.file.save("letter.pdf", ContentFile(content), save=False)
        document.save()


if __name__ == "__main__":
    spoken(main)
