"""The rules: from one applicant's evidence to what a society's procedure still asks of them.

Pure: no database, no clock, no settings. What a procedure asks is data in `procedures/`.
"""

from credentialing.rules.assessment import Assessment, Entry, assess
from credentialing.rules.earliest import Dependence, Earliest, Forecast, earliest
from credentialing.rules.errors import PortfolioError, ProcedureError, RulesError
from credentialing.rules.facts import Portfolio
from credentialing.rules.hypothesis import Pace, present_pace
from credentialing.rules.plan import Plan, begin, suppose
from credentialing.rules.portfolio import parse_portfolio, read_portfolio
from credentialing.rules.procedure import (
    Council,
    Procedure,
    Requirement,
    load_procedure,
    procedure_in_force,
    procedures,
    read_procedure,
)

__all__ = [
    "Assessment",
    "Council",
    "Dependence",
    "Earliest",
    "Entry",
    "Forecast",
    "Pace",
    "Plan",
    "Portfolio",
    "PortfolioError",
    "Procedure",
    "ProcedureError",
    "Requirement",
    "RulesError",
    "assess",
    "begin",
    "earliest",
    "load_procedure",
    "parse_portfolio",
    "present_pace",
    "procedure_in_force",
    "procedures",
    "read_portfolio",
    "read_procedure",
    "suppose",
]
