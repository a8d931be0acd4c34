"""RFC 3339: dates and times, as pieces of other patterns."""

# full-date "T" partial-time, with a fraction of a second or not              (5.6)
SECONDS = rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
FRACTION = rb"\.[0-9]+"
OFFSET = rb"(?:Z|[+-][0-9]{2}:[0-9]{2})"

# date-time = full-date "T" full-time                                         (5.6)
DATE_TIME = SECONDS + rb"(?:" + FRACTION + rb")?" + OFFSET
