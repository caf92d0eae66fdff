"""What the office does across every app: one atomic function for each."""

from credentialing.office.operations.erasure import erase
from credentialing.office.operations.lists import bring, carry_out, match
from credentialing.office.operations.merging import call_different, merge_people
from credentialing.office.operations.society import change_logo, remove_logo
from credentialing.office.operations.trail import ask_trail

__all__ = [
    "ask_trail",
    "bring",
    "call_different",
    "carry_out",
    "change_logo",
    "erase",
    "match",
    "merge_people",
    "remove_logo",
]
