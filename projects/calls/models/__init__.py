from ..form import FormSection
from .answers import CallAnswer
from .call import BEIJING, MOST_USD, Call, CallDocument, Criterion, LatePass, RequiredPaper
from .papers import Endorsement
from .proposal import AWARDED, MONTH, NEVER_SENT, OPEN_STATES, Proposal, ProposalState
from .reading import MOST_POINTS, Reading, Score
from .rows import BudgetLine, Output, ProposalCountry, ProposalPartner, ProposalSDG
from .steps import ProposalStep, ProposalVersion, Remark, ReportDue

__all__ = [
    "AWARDED",
    "BEIJING",
    "MONTH",
    "MOST_POINTS",
    "MOST_USD",
    "NEVER_SENT",
    "OPEN_STATES",
    "BudgetLine",
    "Call",
    "CallAnswer",
    "CallDocument",
    "Criterion",
    "Endorsement",
    "FormSection",
    "LatePass",
    "Output",
    "Proposal",
    "ProposalCountry",
    "ProposalPartner",
    "ProposalSDG",
    "ProposalState",
    "ProposalStep",
    "ProposalVersion",
    "Reading",
    "Remark",
    "ReportDue",
    "RequiredPaper",
    "Score",
]
