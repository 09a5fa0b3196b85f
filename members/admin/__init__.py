"""How the Secretariat works with institutions and accounts."""

from . import institutions
