"""What Django's Chinese leaves out: 35,000 and 4月5日."""

MONTH_DAY_FORMAT = "n月j日"
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
