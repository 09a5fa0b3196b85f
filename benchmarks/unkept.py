"""The portal as it is, except that no page is kept: each is made anew, whoever asked before."""

from sscnet.core.pages import page_cache
from sscnet.wsgi import application

__all__ = ["application"]

page_cache.LARGEST_PAGE = 0
