from ..form import FormSection
from .call import MOST_POINTS, MOST_USD, Call, CallDocument, Criterion, RequiredPaper
from .proposal import AWARDED, MONTH, NEVER_SENT, Proposal, ProposalState
from .rows import BudgetLine, Endorsement, Output, ProposalCountry, ProposalPartner
from .steps import Payment, ProposalStep, ProposalVersion, Reading, Remark, ReportDue, Score
