"""Days and moments as they stand, in letters and figures, in what was presented."""

from datetime import date, datetime

from django import template

from credentialing.templatetags import words

register = template.Library()


@register.filter
def written_day(value: str) -> str:
    """`13 June 2026` for `2026-06-13` or a moment of that day."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return words.day(moment)
