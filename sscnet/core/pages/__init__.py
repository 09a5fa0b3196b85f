"""What public pages share: kept pages, feeds, charts, calendars, sections added by other apps."""
