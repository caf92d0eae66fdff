"""What the rules refuse, each as one line for the person who can put it right."""


class RulesError(ValueError):
    """The rules cannot work with what they were given."""


class PortfolioError(RulesError):
    """A portfolio that cannot be read; the line begins with the path, counted from 0."""


class ProcedureError(RulesError):
    """A procedure that cannot be used; the line begins with the file, then table and key."""
