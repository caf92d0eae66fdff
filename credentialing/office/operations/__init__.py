"""What the office does across every app: one atomic function for each."""

from credentialing.office.operations.merging import call_different, merge_people

__all__ = ["call_different", "merge_people"]
