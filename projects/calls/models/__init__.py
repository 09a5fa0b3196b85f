from ..form import FormSection
from .call import MOST_USD, Call, CallDocument, Criterion, RequiredPaper
from .proposal import AWARDED, MONTH, NEVER_SENT, Proposal, ProposalState
from .reading import MOST_POINTS, Reading, Score
from .rows import BudgetLine, Endorsement, Output, ProposalCountry, ProposalPartner
from .steps import Payment, ProposalStep, ProposalVersion, Remark, ReportDue
