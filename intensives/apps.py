from django.apps import AppConfig


class Intensives(AppConfig):
    """Leader Intensives: groups, faculty, candidates and the joint assessment."""

    name = "intensives"
    label = "intensives"

    def ready(self) -> None:
        """Say what the record tells of faculty and evaluators; look at what a relation bars."""
        from credentialing.people.operations import WATCHERS  # noqa: PLC0415 - models are ready
        from credentialing.people.queries import TELLERS  # noqa: PLC0415
        from intensives.operations import flag_conflicts  # noqa: PLC0415
        from intensives.queries import told_evaluators, told_faculty  # noqa: PLC0415

        TELLERS["faculty"] = told_faculty
        TELLERS["evaluator"] = told_evaluators
        WATCHERS.append(flag_conflicts)
