"""The name badges of an intensive, set as PDF by the worker."""

from django.utils.translation import gettext as _

from credentialing.records.jobs import Outcome, Progress
from credentialing.records.models import Job
from credentialing.records.refusals import Refused
from credentialing.records.society import current as society_now
from intensives.models import Intensive
from intensives.queries import badges
from reviews.dossiers import paper


def made(job: Job, progress: Progress) -> Outcome:
    """A page of eight for everybody who comes: faculty, candidates and participants."""
    intensive = Intensive.objects.get(pk=job.parameters["intensive"])
    rows = badges(intensive)
    if not rows:
        raise Refused(_("Nobody has signed up yet."))
    progress(0, len(rows), str(_("Setting the badges")))
    content = paper.to_pdf(
        "intensives/print/badges.html",
        {"society": society_now().short_name, "intensive": intensive, "badges": rows},
        variant="pdf/ua-1",
        created=job.asked_at,
        identity=f"badges {intensive.pk}",
    )
    text = _("%(n)d badges for “%(title)s”.") % {"n": len(rows), "title": intensive.title}
    return Outcome(text=text, name="badges.pdf", content=content)
