"""The portal as it is, except that no page is kept: each is made anew, whoever asked before."""

from sscnet.core import pagecache
from sscnet.wsgi import application

__all__ = ["application"]

pagecache.LARGEST_PAGE = 0
