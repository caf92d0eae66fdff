"""Questions about rulings: what one would change, which came before, what each says in words."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applicants.models import Application, Claim, Ruling
from applicants.queries import facts_in_words
from credentialing.people.models import Person, Relation
from credentialing.records.refusals import Refused
from credentialing.rules import Requirement, RulesError, read_portfolio, words
from credentialing.rules.adjustments import Adjustments
from credentialing.rules.case import Case
from credentialing.standing.queries import Standing
from reviews.queries.cases import readable
from reviews.queries.lines import labels, title
from reviews.queries.naming import unnamed
from reviews.queries.readiness import NOT_PRESENTED

PREVIEW = "preview"
# Reasons of the rules that a ruling to count an item passes over.
PASSED_OVER = frozenset(
    {
        "cancelled",
        "no-show",
        "unconfirmed",
        "supervisor-not-approved",
        "not-completed",
        "not-with-co-leader",
        "before-application",
        "too-short",
    }
)
PARAMETERS = {
    "grace_days": gettext_lazy("days without membership that are no question"),
    "months": gettext_lazy("months"),
    "ideal_per_month": gettext_lazy("times a month"),
    "ideal_minutes": gettext_lazy("minutes each time"),
    "short_months_allowed": gettext_lazy("months that may fall short"),
    "longest_break": gettext_lazy("longest break, in months"),
    "at_least_per_month": gettext_lazy("fewest times a month"),
    "per_year": gettext_lazy("sessions a year"),
    "years": gettext_lazy("years"),
    "spread": gettext_lazy("spread over the years"),
    "count": gettext_lazy("how many"),
    "faculty": gettext_lazy("faculty to co-lead with"),
}
NAMELESS = {
    Relation.Kind.SUPERVISOR: gettext_lazy("the supervisor"),
    Relation.Kind.CO_LEADER: gettext_lazy("the co-leader"),
    Relation.Kind.FACULTY: gettext_lazy("a faculty member"),
    Relation.Kind.EVALUATOR: gettext_lazy("the evaluator"),
    Relation.Kind.ATTESTED: gettext_lazy("somebody who attested"),
    Relation.Kind.DECLARED: gettext_lazy("somebody with a relation"),
    Relation.Kind.RECUSED: gettext_lazy("somebody who stepped aside"),
}


def acceptable(entry: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The issues of a requirement that the Committee may accept.

    Before the joint assessment is presented nobody can say that the three have not met.
    """
    codes = {issue["code"] for issue in entry["issues"]}
    waiting = {NOT_PRESENTED, "no-meeting"} if NOT_PRESENTED in codes else set()
    return [issue for issue in entry["issues"] if issue["code"] not in waiting]


def countable(entry: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The items that do not count and that a ruling could count."""
    return [said for said in entry["uncounted"] if said["why"] in PASSED_OVER]


def with_exception(
    now: Standing, *, requirement: str, terms: Mapping[str, Any], day: date, reason: str
) -> Standing:
    """Where the case would stand with one ruling more; nothing is stored."""
    ruling = {
        "id": PREVIEW,
        "requirement": requirement,
        **terms,
        "granted": day.isoformat(),
        "reason": reason,
    }
    after = _with(now, exceptions=[*now.portfolio["exceptions"], ruling])
    refuse_if_void(after)
    return after


def refuse_if_void(after: Standing) -> None:
    """Refuse a ruling that the procedure does not allow, saying why."""
    try:
        said = after.data["exceptions"][-1]
    except RulesError as unreadable:
        raise Refused(
            _("The rules can't read this ruling: %(why)s.") % {"why": unreadable}
        ) from unreadable
    if said["state"] == "refused":
        raise Refused(
            _("The procedure does not allow this: %(why)s.") % {"why": words.REFUSALS[said["why"]]}
        )


def with_claim(
    now: Standing, claim: Claim, *, granted: bool, in_lieu_per_year: int | None, day: date
) -> Standing:
    """Where the case would stand with a claim granted or refused; nothing is stored."""
    ruled = {
        "granted": day.isoformat() if granted else None,
        "refused": None if granted else day.isoformat(),
        "revoked": None,
        "in_lieu_per_year": in_lieu_per_year,
    }
    after = _with(
        now,
        claims=[
            {**each, **ruled} if each["id"] == claim.key else each
            for each in now.portfolio["claims"]
        ],
    )
    said = next(each for each in after.data["claims"] if each["id"] == claim.key)
    if said["state"] == "unsupported":
        raise Refused(
            _("The text does not support this grant: %(why)s.")
            % {"why": words.listed([words.SHORTFALLS[each] for each in said["shortfalls"]])}
        )
    return after


def without(now: Standing, ruling: Ruling, *, day: date) -> Standing:
    """Where the case would stand with a ruling revoked; nothing is stored."""
    revoked = {"revoked": day.isoformat()}
    if ruling.claim_id:
        key = ruling.claim.key
        changed = {
            "claims": [
                {**each, **revoked} if each["id"] == key else each
                for each in now.portfolio["claims"]
            ]
        }
    else:
        changed = {
            "exceptions": [
                {**each, **revoked} if each["id"] == ruling.key else each
                for each in now.portfolio["exceptions"]
            ]
        }
    return _with(now, **changed)


def _with(now: Standing, **lists: Any) -> Standing:
    return replace(now, portfolio={**now.portfolio, **lists})


def settings_of(requirement: Requirement, now: Standing) -> dict[str, Any]:
    """The parameters that may be set, as the rulings in force leave them."""
    case = Case(read_portfolio(now.portfolio), now.as_of)
    measure = Adjustments(now.procedure, case).measure(requirement)
    return {name: getattr(measure, name) for name in requirement.adjustable}


def precedents(
    person: Person,
    *,
    kind: str,
    day: date,
    requirement: str = "",
    credit: str = "",
    but: Application,
) -> list[dict[str, Any]]:
    """Earlier rulings of the same kind on the same thing in other cases, newest first, unnamed."""
    rulings = Ruling.objects.filter(
        kind=kind, requirement=requirement, application__in=readable(person, day=day).values("pk")
    ).exclude(application=but)
    if credit:
        rulings = rulings.filter(claim__credit=credit)
    related = rulings.select_related("application__applicant", "claim", "revocation")
    found = list(related.order_by("-ruled_on", "-pk")[:10])
    concerned = _concerned(ruling.application.applicant for ruling in found)
    return [
        {
            "on": ruling.ruled_on,
            "what": describe(ruling),
            "reason": unnamed(ruling.reason, concerned[ruling.application.applicant_id]),
            "revoked": hasattr(ruling, "revocation"),
        }
        for ruling in found
    ]


def _concerned(applicants: Iterable[Person]) -> dict[int, dict[str, str]]:
    """Whose names stand for nobody but the case: each applicant, and who is related to them."""
    found = {each.pk: {each.name: _("the applicant")} for each in applicants}
    relations = Relation.objects.filter(applicant__in=list(found)).select_related("person")
    for relation in relations.order_by("since", "pk"):
        words = str(NAMELESS[Relation.Kind(relation.kind)])
        found[relation.applicant_id].setdefault(relation.person.name, words)
    return found


def describe(ruling: Ruling, known: Mapping[str, str] | None = None) -> str:
    """What a ruling says, in a line of words; `known` names the evidence."""
    kind = Ruling.Kind(ruling.kind)
    if ruling.claim:
        credit = title(ruling.claim.credit)
        if kind == Ruling.Kind.REFUSE:
            return _("%(credit)s: credit refused") % {"credit": credit}
        if ruling.in_lieu_per_year:
            debriefings = ngettext(
                "%(n)d debriefing a year in lieu",
                "%(n)d debriefings a year in lieu",
                ruling.in_lieu_per_year,
            ) % {"n": ruling.in_lieu_per_year}
            return _("%(credit)s: credit granted, %(debriefings)s") % {
                "credit": credit,
                "debriefings": debriefings,
            }
        return _("%(credit)s: credit granted") % {"credit": credit}
    if kind == Ruling.Kind.EQUIVALENCE:
        named = [words.name(each) for each in ruling.terms.get("requirements", [])]
        return _("Equivalent training in place of %(what)s") % {"what": words.listed(named)}
    return f"{title(ruling.requirement)}: {TERMS[kind](ruling.terms, known or {})}"


def _accepted(terms: Mapping[str, Any], known: Mapping[str, str]) -> str:
    said = []
    for each in terms["accept"]:
        if each.get("detail") is None:
            said.append(_("accepted, whatever the detail: %(what)s") % {"what": _of_kind(each)})
        else:
            said.append(_("accepted: %(what)s") % {"what": words.issue(each).rstrip(".")})
    return "; ".join(said)


def _of_kind(each: Mapping[str, Any]) -> str:
    """The sentence of an issue without its detail."""
    return words.issue({**each, "detail": "…"}).rstrip(".").replace(": …", "")


def _set(terms: Mapping[str, Any], known: Mapping[str, str]) -> str:
    changed = [f"{PARAMETERS.get(name, name)} {value}" for name, value in terms["set"].items()]
    return _("set to %(what)s") % {"what": words.listed(changed)}


def _counted(terms: Mapping[str, Any], known: Mapping[str, str]) -> str:
    number = len(terms["count"])
    if not known:
        return ngettext("%(n)d item counted", "%(n)d items counted", number) % {"n": number}
    return _("counted: %(what)s") % {
        "what": "; ".join(known.get(key, key) for key in terms["count"])
    }


def _waived(terms: Mapping[str, Any], known: Mapping[str, str]) -> str:
    return _("waived")


TERMS = {
    Ruling.Kind.ACCEPT: _accepted,
    Ruling.Kind.SET: _set,
    Ruling.Kind.COUNT: _counted,
    Ruling.Kind.WAIVE: _waived,
}


def of_case(application: Application) -> QuerySet[Ruling]:
    """The rulings on a case, newest first, with what the page shows of each."""
    return (
        Ruling.objects.filter(application=application)
        .select_related("claim", "revocation__by", "by")
        .order_by("-ruled_on", "-pk")
    )


def in_words(rulings: QuerySet[Ruling], now: Standing) -> dict[str, str]:
    """What each ruling of a case says, by the key under which the rules name it."""
    known = labels(now)
    found = {}
    for ruling in rulings:
        key = ruling.claim.key if ruling.claim else ruling.key
        found.setdefault(
            key,
            _("%(what)s (ruling of %(day)s)")
            % {
                "what": describe(ruling, known),
                "day": date_format(ruling.ruled_on, "j F Y"),
            },
        )
    return found


def revocable(application: Application) -> QuerySet[Ruling]:
    """The rulings on a case that hold and can be taken back: all but refusals."""
    held = Ruling.objects.filter(application=application, revocation__isnull=True)
    return held.exclude(kind=Ruling.Kind.REFUSE).select_related("claim", "application__applicant")


def page(application: Application, now: Standing) -> dict[str, Any]:
    """The claims and the rulings of a case, each with what it says and who took part."""
    made = list(of_case(application))
    people = dict(
        Person.objects.filter(pk__in={key for each in made for key in each.took_part}).values_list(
            "pk", "name"
        )
    )
    known = labels(now)
    states = {each["id"]: each for each in now.data["claims"] + now.data["exceptions"]}
    claims = Claim.objects.filter(application=application, withdrawn_at__isnull=True)
    return {
        "claims": [
            {
                "claim": claim,
                "title": title(claim.credit),
                "state": CLAIM_STATES[states[claim.key]["state"]],
                "word": words.CLAIMS[states[claim.key]["state"]],
                "said": words.claim(states[claim.key]),
                "facts": facts(claim, now),
                "pending": states[claim.key]["state"] == "pending",
            }
            for claim in claims.select_related("leader").order_by("claimed_at", "pk")
        ],
        "rulings": [
            {
                "ruling": ruling,
                "what": describe(ruling, known),
                "said": words.exception(states[ruling.key]) if ruling.key in states else "",
                "took_part": sorted(people.get(key, "") for key in ruling.took_part),
                "revocation": getattr(ruling, "revocation", None),
                "revocable": ruling.kind != Ruling.Kind.REFUSE
                and not hasattr(ruling, "revocation"),
            }
            for ruling in made
        ],
    }


CLAIM_STATES = {
    "not-applicable": "idle",
    "revoked": "idle",
    "refused": "idle",
    "pending": "needs",
    "unsupported": "wrong",
    "granted": "done",
}


def facts(claim: Claim, now: Standing) -> list[tuple[str, str]]:
    """What a claim says, fact by fact, in words."""
    said = next(each for each in now.portfolio["claims"] if each["id"] == claim.key)["facts"] or {}
    return facts_in_words(claim, said)
