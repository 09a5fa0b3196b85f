"""How the Secretariat works with meetings, delegations and places."""

from ..office import approval, capacity, figures, next_year, papers
from ..office.check_in import pages as check_in
from ..office.lists import pages as lists
from ..persons import erasure_admin
from ..travel import desk as travel
from . import action_points, delegations, meetings
