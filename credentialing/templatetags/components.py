"""The components that need more than markup; each says what it is given. See docs/components.md."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from credentialing import drawing
from credentialing.records import keeping

register = template.Library()

# Name: the shapes inside a 20 × 20 box, drawn with the colour of the text around them.
ICONS = {
    "done": '<circle cx="10" cy="10" r="9" fill="currentColor" stroke="none"/>'
    '<path d="m6 10.4 2.8 2.8L14.2 7.4" class="icon-cut" stroke="#fff" stroke-width="2"/>',
    "progress": '<circle cx="10" cy="10" r="8.2"/>'
    '<path d="M10 4.6a5.4 5.4 0 0 1 0 10.8z" fill="currentColor" stroke="none"/>',
    "needs": '<circle cx="10" cy="6" r="4.4" fill="currentColor" stroke="none"/>'
    '<path d="M1.8 19a8.2 7.4 0 0 1 16.4 0z" fill="currentColor" stroke="none"/>',
    "idle": '<circle cx="10" cy="10" r="8.2" stroke-dasharray="3.2 2.7"/>',
    "wrong": '<path d="M10 1.6 19 18H1z"/><path d="M10 7.4v5M10 14.6v1" stroke-width="2"/>',
    "info": '<circle cx="10" cy="10" r="8.2"/><path d="M10 9v5.4M10 5.4v1.2" stroke-width="2"/>',
    "check": '<path d="m3.5 10.6 4.4 4.4L16.5 5.4" stroke-width="2"/>',
    "close": '<path d="m4.5 4.5 11 11m0-11-11 11"/>',
    "down": '<path d="m4.5 7.5 5.5 5.5 5.5-5.5"/>',
    "next": '<path d="m7.5 4.5 5.5 5.5-5.5 5.5"/>',
    "back": '<path d="M12.5 4.5 7 10l5.5 5.5"/>',
    "plus": '<path d="M10 3.5v13M3.5 10h13"/>',
    "download": '<path d="M10 2.5v10.2m-4.4-4.2 4.4 4.4 4.4-4.4M3 17h14"/>',
    "calendar": '<path d="M2.5 4.5h15v13h-15zM2.5 8.5h15M6.5 2v4M13.5 2v4"/>',
    "lock": '<path d="M4 9h12v8.5H4zM6.5 9V6a3.5 3.5 0 0 1 7 0v3"/>',
    "search": '<circle cx="8.5" cy="8.5" r="5.8"/><path d="m13 13 5 5"/>',
    "undo": '<path d="M3 8.5h9a4.5 4.5 0 0 1 0 9H7M6.8 4.4 2.8 8.5l4 4.1"/>',
    "file": '<path d="M4 1.8h8l4 4v12.4H4zM12 1.8v4h4"/>',
}
TURNS_WITH_THE_TEXT = {"next", "back", "undo"}

# A state, or a requirement's status: the state it is drawn as, and its word.
STATES = {
    "done": ("done", _("Done")),
    "progress": ("progress", _("In progress")),
    "needs": ("needs", _("Needs someone")),
    "idle": ("idle", _("Not started")),
    "wrong": ("wrong", _("Not in order")),
    "met": ("done", _("Met")),
    "waived": ("done", _("Waived")),
    "not-applicable": ("done", _("Does not apply")),
    "needs-decision": ("needs", _("Waits for the Committee")),
    "in-progress": ("progress", _("In progress")),
    "not-started": ("idle", _("Not started")),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A small drawing of `ICONS`; hidden from assistive technology unless it has a label."""
    turns = " turns" if name in TURNS_WITH_THE_TEXT else ""
    hidden = format_html('aria-hidden="{}"', "true")
    voice = format_html('role="img" aria-label="{}"', label) if label else hidden
    return format_html(
        '<svg class="icon{}" viewBox="0 0 20 20" width="20" height="20" fill="none" '
        'stroke="currentColor" stroke-width="1.6" focusable="false" {}>{}</svg>',
        turns,
        voice,
        mark_safe(ICONS[name]),  # noqa: S308 - a constant of this module
    )


@register.simple_tag
def state(name: str, word: str = "") -> SafeString:
    """A state or a status as icon, word and colour; `word` replaces the usual one."""
    drawn, usual = STATES[name]
    return format_html(
        '<span class="state" data-state="{}">{}<span>{}</span></span>',
        drawn,
        icon(drawn),
        word or usual,
    )


@register.filter
def state_of(status: str) -> str:
    """The one of `done`, `progress`, `needs`, `idle`, `wrong` that a status is drawn as."""
    return STATES[status][0]


@register.inclusion_tag("components/button.html")
def button(label: str, kind: str = "secondary", **attributes: Any) -> dict[str, Any]:
    """A submit button, `kind` primary, secondary, quiet or destructive; the rest are attributes."""
    return {"label": label, "kind": kind, "attributes": named(attributes)}


@register.inclusion_tag("components/button.html")
def link_button(label: str, url: str, kind: str = "secondary", **attributes: Any) -> dict[str, Any]:
    """A link that looks like a button, for going somewhere rather than doing something."""
    return {"label": label, "url": url, "kind": kind, "attributes": named(attributes)}


@register.inclusion_tag("components/button_form.html", takes_context=True)
def button_form(
    context: Context,
    label: str,
    url: str,
    kind: str = "secondary",
    confirm: str = "",
    **fields: Any,
) -> dict[str, Any]:
    """A form with one button that posts to `url`; with `confirm` it asks that question first.

    Further keywords become hidden fields: `{% button_form "Accept" url version=3 %}`.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "label": label,
        "url": url,
        "kind": kind,
        "confirm": confirm,
        "fields": fields,
    }


@register.inclusion_tag("components/requirement_line.html")
def requirement_line(
    entry: Mapping[str, Any], size: str = "normal", per_year: int | None = None, period: Any = None
) -> dict[str, Any]:
    """The drawing alone, with its text alternative; `size` is normal, small or print."""
    line = drawing.requirement_line(entry, per_year=per_year, period=period)
    return {
        "line": line,
        "drawing": line.draw(size),
        "size": size,
        "state": STATES[entry["status"]][0],
    }


@register.inclusion_tag("components/requirement.html")
def requirement(
    line: Mapping[str, Any], size: str = "normal", heading: str = "h3"
) -> dict[str, Any]:
    """One requirement as a row of the list: title, clause, drawing, what remains, evidence.

    `line` has entry and title; and, where there is something to say, text, remains, house_rules,
    issues, advisories, rulings, evidence, uncounted, action, per_year, period.
    """
    entry = line["entry"]
    # What waits is part of what remains: the three figures add up to what is required.
    remaining = 0 if entry["status"] in drawing.SPARED else entry["remaining"]
    waiting = min(drawing.waiting(entry), remaining)
    return {
        "line": line,
        "entry": entry,
        "size": size,
        "heading": heading,
        "state": STATES[entry["status"]][0],
        "waiting": waiting,
        "to_do": remaining - waiting,
        "has_figures": (entry["required"] or 0) > 1,
    }


@register.simple_tag(takes_context=True)
def keeps_what_is_typed(context: Context) -> SafeString:
    """Beside `{% csrf_token %}`: what is typed survives the end of the sitting; see `keeping`."""
    mark = keeping.mark(context["request"])
    return format_html('<input type="hidden" name="{}" value="{}">', keeping.FIELD, mark)


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that a script reads; the template quotes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def at(values: Sequence[Any], index: int) -> Any:
    """The value at a place of a sequence; nothing beyond its end."""
    return values[index] if index < len(values) else ""


@register.filter
def page_range(page: Page[Any]) -> Iterable[int | str]:
    """The numbers of the pages around this one, the first and the last, and dots between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def error_count(form: BaseForm) -> int:
    """How many errors a form has, over all its fields."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a field is a single box to tick, with its label beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def first_input(field: BoundField) -> str:
    """The id that a link from the error summary leads to: of a group, its first choice."""
    if field.use_fieldset and isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


def named(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords as HTML attributes: `hx_post` is `hx-post`."""
    return {name.replace("_", "-"): value for name, value in attributes.items()}
