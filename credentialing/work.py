"""The kinds of long work, each with what does it: the roof knows them all."""

from credentialing.records.jobs import Kind

KINDS: dict[str, Kind] = {}
