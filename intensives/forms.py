"""What the pages of intensives ask. Bad input is an error at its field; what was typed stays."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from applicants.forms.fields import DayField, NumberField, TextField
from credentialing.people.models import Person, Relation
from credentialing.people.queries import BARRING
from credentialing.records.refusals import Refused
from credentialing.records.submissions import new_key
from intensives import queries
from intensives.competencies import COMPETENCIES, RATINGS, TEXTS
from intensives.models import Enrolment, Intensive, SmallGroup, WrittenAssessment

LONGEST = 100_000
LONGEST_REASON = 5_000


class ActForm(forms.Form):
    """A form for one act; a refusal of the act is shown at the form."""

    submission = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=new_key
    )

    def does(self, act: Callable[[], Any]) -> bool:
        """Do the act and say whether it happened; why not stands at the form."""
        try:
            self.answer = act()
        except Refused as refused:
            known = refused.field if refused.field in self.fields else None
            self.add_error(known, refused.message)
            return False
        return True

    def what(self) -> dict[str, Any]:
        """What was filled in, under the names that the operation knows."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class PersonField(forms.ChoiceField):
    """Somebody chosen from the persons known, credentialed leaders first."""

    def offer(
        self,
        people: Iterable[Person],
        leaders: set[int],
        relations: Mapping[int, list[Relation]] | None = None,
        without: Iterable[int] = (),
    ) -> None:
        """The persons to choose from; what each is to the candidate stands beside the name."""
        left_out = set(without)
        offered = [person for person in people if person.pk not in left_out]
        names = [person.name for person in offered]
        self.known = {str(person.pk): person for person in offered}
        groups: dict[str, list[tuple[str, str]]] = {
            str(_("Credentialed leaders")): [],
            str(_("Other people")): [],
        }
        first, second = groups.values()
        for person in offered:
            label = person.name
            if names.count(person.name) > 1 and person.email:
                label = f"{label} · {person.email}"
            if told := (relations or {}).get(person.pk):
                label = queries.in_words(person, told)
            (first if person.pk in leaders else second).append((str(person.pk), label))
        self.choices = [("", _("Choose a person")), *((k, v) for k, v in groups.items() if v)]

    def clean(self, value: Any) -> Person | None:
        return self.known.get(super().clean(value))


# --- The applicant and everybody ---------------------------------------------------------------


class EnrolForm(ActForm):
    """As what one comes."""

    role = forms.ChoiceField(
        label=_("You come as"),
        choices=[
            (Enrolment.Role.PARTICIPANT, _("participant")),
            (Enrolment.Role.CANDIDATE, _("credentialing candidate")),
        ],
        initial=Enrolment.Role.PARTICIPANT,
        widget=forms.RadioSelect,
    )

    def only_as_participant(self) -> None:
        """Offer what is possible; the page says why the other is not."""
        self.fields["role"].choices = self.fields["role"].choices[:1]


class IntensiveForm(ActForm):
    """What is offered."""

    title = forms.CharField(label=_("Title"), max_length=160)
    organiser = forms.CharField(label=_("Organiser"), max_length=120)
    place = forms.CharField(
        label=_("Place"), max_length=160, required=False, help_text=_("A town, or “online”.")
    )
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"))
    capacity = NumberField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Participants and candidates together. Empty: as many as come."),
    )
    price_note = forms.CharField(label=_("Price"), max_length=200, required=False)

    @classmethod
    def of(cls, intensive: Intensive, data: Any) -> "IntensiveForm":
        """The form filled with an intensive that stands."""
        names = [name for name in cls.base_fields if name != "submission"]
        return cls(data, initial={name: getattr(intensive, name) for name in names})


class PastForm(ActForm):
    """An intensive attended elsewhere."""

    title = forms.CharField(label=_("What it was called"), max_length=160)
    organiser = forms.CharField(label=_("Who held it"), max_length=120)
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    start = DayField(label=_("First day"))
    end = DayField(label=_("Last day"))
    file = forms.FileField(
        label=_("Certificate of attendance"),
        required=False,
        max_length=255,
        help_text=_("PDF, PNG, JPEG or DOCX, at most 20 MB."),
    )
    again = forms.BooleanField(
        label=_("Record it beside the one that I have on these days"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, person: Person, uploads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if not uploads:
            del self.fields["file"]

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        start = asked.get("start")
        mine = Enrolment.objects.filter(person=self.person, intensive__start=start)
        if start and not asked.get("again") and mine.exclude(state="cancelled").exists():
            self.fields["again"].widget = forms.CheckboxInput()
            self.add_error(
                "again", _("You have an intensive that begins on this day. Is this another one?")
            )
        return asked

    def what(self) -> dict[str, Any]:
        asked = super().what()
        return {name: asked[name] for name in ("title", "organiser", "place", "start", "end")}


# --- The office --------------------------------------------------------------------------------


class FacultyForm(ActForm):
    """The two faculty of a group."""

    first_faculty = PersonField(label=_("Faculty"))
    second_faculty = PersonField(label=_("Second faculty"))

    def __init__(self, *args: Any, without: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(queries.everybody())
        leaders = set(queries.leaders().values_list("pk", flat=True))
        for name in ("first_faculty", "second_faculty"):
            self.fields[name].offer(people, leaders, without=without)


class GroupForm(FacultyForm):
    """A new small group."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    field_order = ["name", "first_faculty", "second_faculty"]


class GroupsForm(ActForm):
    """Each participant's small group."""

    def __init__(
        self, *args: Any, rows: Iterable[Enrolment], groups: Iterable[SmallGroup], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        choices = [("", _("no group yet")), *((key, str(g)) for key, g in self.groups.items())]
        for row in rows:
            self.fields[f"of_{row.pk}"] = forms.ChoiceField(
                label=row.person.name,
                choices=choices,
                required=False,
                initial=str(row.small_group_id or ""),
            )

    def groups_chosen(self) -> dict[int, SmallGroup | None]:
        """The enrolment's key, the group."""
        return {
            int(name.removeprefix("of_")): self.groups.get(key) for name, key in self.what().items()
        }


class AttendanceForm(ActForm):
    """Who of one group was there all the time."""

    present = forms.MultipleChoiceField(
        label=_("Took part all the time"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take off whoever left early or came late: partial attendance does not count."),
        error_messages={"required": _now("Choose at least one person who took part.")},
    )
    group = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Iterable[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["present"].choices = [
            (key, f"{row.person.name} – {row.get_role_display()}") for key, row in self.rows.items()
        ]
        self.fields["present"].initial = list(self.rows)

    def chosen(self) -> list[Enrolment]:
        """The enrolments ticked."""
        return [self.rows[key] for key in self.cleaned_data["present"]]


# --- The Chair ---------------------------------------------------------------------------------


class EvaluatorForm(ActForm):
    """Who evaluates; whoever has a relation to the candidate is confirmed."""

    evaluator = PersonField(label=_("Evaluator"))
    disclosed = forms.BooleanField(
        label=_("I know of this relation and choose this person all the same"),
        required=False,
        widget=forms.HiddenInput,
    )
    reason = TextField(
        label=_("Reason"),
        rows=3,
        max_length=LONGEST_REASON,
        help_text=_("It becomes part of the record."),
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relations = queries.disclosed([enrolment.person_id])[enrolment.person_id]
        leaders = set(queries.leaders().values_list("pk", flat=True))
        self.fields["evaluator"].offer(
            queries.everybody(), leaders, self.relations, without=[enrolment.person_id]
        )

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        chosen = asked.get("evaluator")
        told = [each for each in self.relations.get(chosen and chosen.pk, ()) if _counts(each)]
        if told:
            self.fields["disclosed"].widget = forms.CheckboxInput()
            if not asked.get("disclosed"):
                self.add_error(
                    "disclosed",
                    _now("%(relation)s. Confirm that this person is to evaluate.")
                    % {"relation": queries.in_words(chosen, told)},
                )
        return asked

    def what(self) -> dict[str, Any]:
        return {name: value for name, value in super().what().items() if name != "disclosed"}


def _counts(relation: Relation) -> bool:
    return relation.kind in BARRING


class PlaceForm(EvaluatorForm):
    """A candidate's small group and evaluator."""

    small_group = forms.ChoiceField(label=_("Small group"), widget=forms.RadioSelect)
    reason = None
    field_order = ["small_group", "evaluator", "disclosed"]

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, enrolment=enrolment, **kwargs)
        self.groups = {str(g.pk): g for g in queries.groups_of(enrolment.intensive)}
        known = queries.barred([enrolment.person_id])
        self.fields["small_group"].choices = [
            (key, _group_in_words(group, queries.conflicts(enrolment.person, group.faculty, known)))
            for key, group in self.groups.items()
        ]

    def clean_small_group(self) -> SmallGroup | None:
        return self.groups.get(self.cleaned_data["small_group"])


def _group_in_words(group: SmallGroup, conflicts: list[str]) -> str:
    names = _now(" and ").join(person.name for person in group.faculty)
    if conflicts:
        return _now("%(group)s (%(faculty)s) – not possible: %(why)s") % {
            "group": group.name,
            "faculty": names,
            "why": "; ".join(conflicts),
        }
    return _now("%(group)s (%(faculty)s) – free") % {"group": group.name, "faculty": names}


class ProposalForm(ActForm):
    """A proposed placement as it was shown: one choice for each candidate."""

    def __init__(
        self,
        *args: Any,
        rows: Iterable[Enrolment],
        groups: Iterable[SmallGroup],
        people: Mapping[int, Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row.pk: row for row in rows}
        self.groups = {group.pk: group for group in groups}
        self.people = people
        for key in self.rows:
            self.fields[f"of_{key}"] = forms.RegexField(
                r"^[0-9]{1,18} [0-9]{1,18}$", required=False, widget=forms.HiddenInput
            )

    @classmethod
    def of(cls, shown: Iterable[Mapping[str, Any]]) -> "ProposalForm":
        """The form that confirms what is shown: rows with group and evaluator."""
        pairs = {each["row"]: f"{each['group'].pk} {each['evaluator'].pk}" for each in shown}
        initial = {f"of_{row.pk}": pair for row, pair in pairs.items()}
        return cls(rows=pairs, groups=[], people={}, initial=initial)

    def chosen(self) -> list[tuple[Enrolment, SmallGroup, Person]]:
        """The enrolment, the group, the evaluator; what is not known any more is left out."""
        found = []
        for key, row in self.rows.items():
            pair = self.cleaned_data.get(f"of_{key}", "").split()
            if len(pair) == len(("group", "evaluator")):
                group = self.groups.get(int(pair[0]))
                evaluator = self.people.get(int(pair[1]))
                if group and evaluator:
                    found.append((row, group, evaluator))
        return found


# --- The three ---------------------------------------------------------------------------------


class CoLedForm(ActForm):
    """On which day the candidate led with one of the two."""

    faculty = forms.ChoiceField(label=_("Led together with"), widget=forms.HiddenInput)
    date = DayField(label=_("Day of the session"))

    def __init__(self, *args: Any, group: SmallGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(person.pk): person for person in group.faculty}
        self.fields["faculty"].choices = [(key, p.name) for key, p in self.members.items()]

    def clean_faculty(self) -> Person | None:
        return self.members.get(self.cleaned_data["faculty"])


class DraftDay(DayField):
    """A day that may still be missing: no option, only not written yet."""

    def validate(self, value: Any) -> None:
        pass


class DraftText(TextField):
    """A text that may still be empty: no option, only not written yet."""

    def validate(self, value: Any) -> None:
        pass


class DraftChoice(forms.ChoiceField):
    """A choice that may still be open: no option, only not made yet."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class AssessmentForm(forms.Form):
    """The joint assessment as the evaluator drafts it, with the revision it was opened at."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    met_on = DraftDay(
        label=_("The day on which the three of you met"),
        help_text=_("The two faculty members and you, at the end of the intensive."),
    )

    def __init__(self, *args: Any, assessment: WrittenAssessment | None, **kwargs: Any) -> None:
        body = assessment.body if assessment else {}
        rated = body.get("competencies", {})
        initial = {
            "revision": assessment.revision if assessment else 0,
            "met_on": assessment.met_on if assessment else None,
            **{name: body.get(name, "") for name, _label in TEXTS},
            **{f"competency_{key}": rating for key, rating in rated.items()},
        }
        super().__init__(*args, initial=initial, **kwargs)
        for each in COMPETENCIES:
            self.fields[f"competency_{each.key}"] = DraftChoice(
                label=each.label,
                help_text=each.means,
                choices=[("", _("not said yet")), *RATINGS],
            )
        for name, label in TEXTS:
            self.fields[name] = DraftText(label=label, rows=6, max_length=LONGEST)

    def what(self) -> dict[str, Any]:
        """Body, day and revision, as the operation takes them."""
        asked = self.cleaned_data
        rated = {each.key: asked[f"competency_{each.key}"] for each in COMPETENCIES}
        return {
            "body": {
                "competencies": {key: rating for key, rating in rated.items() if rating},
                **{name: asked[name].replace("\r\n", "\n") for name, _label in TEXTS},
            },
            "met_on": asked["met_on"],
            "revision": asked["revision"],
        }

    @property
    def competencies(self) -> list[forms.BoundField]:
        return [self[f"competency_{each.key}"] for each in COMPETENCIES]

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name, _label in TEXTS]

    def at_revision(self, revision: int) -> "AssessmentForm":
        """The same words, to be saved over another revision."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)
        return self


class RevisionForm(ActForm):
    """To which revision something is said."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class AgreeForm(RevisionForm):
    """The answer of one of the two faculty."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("agree", _("I agree")), ("dissent", _("I dissent, in these words"))],
        widget=forms.RadioSelect,
    )
    dissent = TextField(
        label=_("Where you see it differently"),
        rows=4,
        max_length=LONGEST,
        required=False,
        help_text=_("Only with a dissent. It is presented with the assessment."),
    )

    def clean(self) -> dict[str, Any]:
        asked = super().clean()
        if asked.get("answer") == "dissent" and not asked.get("dissent", "").strip():
            self.add_error("dissent", _("Say in words where you see it differently."))
        if asked.get("answer") == "agree" and asked.get("dissent", "").strip():
            self.add_error("answer", _("You wrote a dissent. Choose “I dissent”, or empty it."))
        return asked

    def what(self) -> dict[str, Any]:
        asked = super().what()
        return {"revision": asked["revision"], "dissent": asked.get("dissent", "")}
