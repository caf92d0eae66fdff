"""A case that is sent into further work, comes back, and is refused by the Council."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from reviews.models import Activity
from tests.factories import complete_case, person
from tests.journeys.conftest import Visitor
from tests.journeys.test_walking_case import the_ballot_ends

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_further_work_and_a_refusal(visitor: Callable[[str], Visitor], worker: Path) -> None:
    today = timezone.localdate()
    person("chair", "committee", name="Clara Chair", email="chair@example.org")
    person("administrator", name="Otto Office", email="office@example.org")
    for number in range(1, 4):
        person("council", name=f"Council {number}", email=f"council{number}@example.org")
    case = complete_case(applicant=person(name="Ann Applicant", email="ann@example.org"))
    page = f"/committee/cases/{case.reference}"

    # The Chair opens the review and asks for further work; Ann proposes changes; both agree.
    chair = visitor("Chair at review").signs_in("chair@example.org")
    chair.goes(f"{page}/moves/open-review/").presses("Open review")
    chair.goes(f"{page}/further-work/").fills(
        **{
            "form-0-area": "Protecting the presenter",
            "form-0-activity": "Four more sessions of supervision",
            "form-0-due": (today + timedelta(days=30)).isoformat(),
        }
    )
    chair.presses("Propose the timeline")
    ann = visitor("Ann at work").signs_in("ann@example.org")
    ann.goes("/timeline/").reads("Protecting the presenter").follows("Propose changes")
    ann.fills(**{"form-0-due": (today + timedelta(days=60)).isoformat()})
    ann.clicks(ann.page.get_by_role("main").locator("button.primary"))
    chair.goes(f"{page}/further-work/").presses("Agree to this version")

    # She does it, and with the last activity the case returns to review.
    done = Activity.objects.order_by("-pk").first()
    ann.goes(f"/timeline/activities/{done.pk}/").fills(note="Done with my supervisor.")
    ann.presses("Mark as done")
    chair.goes(f"{page}/").reads("Under review")

    # The Committee recommends against; the Council agrees.
    chair.goes(f"{page}/recommend/").fills(
        outcome="against", reasons="Not yet.", met_on=today.isoformat()
    )
    chair.ticks("Clara Chair").presses("Record recommendation")
    closes = timezone.localtime() + timedelta(days=4)
    otto = visitor("Otto at review").signs_in("office@example.org")
    otto.goes(f"{page}/ballot/").fills(closes_at=closes.strftime("%Y-%m-%dT%H:%M"))
    otto.presses("Open ballot")
    for number in range(1, 4):
        member = visitor(f"Council {number} refusing").signs_in(f"council{number}@example.org")
        member.goes(f"/council/{case.reference}/").fills(choice="against").presses("Cast my vote")
    the_ballot_ends()

    # Ann reads the decision, without what was deliberated; the Chair may bring the case again.
    ann.goes("/decision/").reads("not to credential you").reads_not("Not yet.")
    chair.goes(f"{page}/moves/bring-again/").fills(reason="A year of further practice.")
    chair.clicks(chair.page.get_by_role("main").locator("button.primary"))
    chair.goes(f"{page}/").reads("Under review")
