"""Public pages about the Network and the portal: home, pages, search over everything, sitemap."""
