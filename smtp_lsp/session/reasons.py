"""Why something is out of order, beyond what the table of phases says: keys of the pages' words."""

# of commands
REFUSED_503 = "refused-503"
ALL_REFUSED = "all-refused"
AFTER_RSET = "after-rset"
AFTER_HELLO = "after-hello"
AFTER_MESSAGE = "after-message"
MAIL_REFUSED = "mail-refused"
TLS_DEMANDED = "tls-demanded"
AUTH_DEMANDED = "auth-demanded"
ARGUMENTS = "arguments"
STRAY_354 = "stray-354"

# of content
CONTENT_BEFORE_354 = "content-before-354"
CONTENT_WITHOUT_DATA = "content-without-data"
CONTENT_AFTER_REFUSED = "content-after-refused"
MAIL_IN_CONTENT = "mail-in-content"
NO_DOT = "no-dot"

# of lone dots
EARLY = "early"
NO_354 = "no-354"
TRAILING_BLANK = "trailing-blank"
OUTSIDE = "outside"

# of related places
FOLLOWS = "follows"
REFUSED_HERE = "refused-here"
ANSWERS = "answers"
GOES_ON = "goes-on"
MEANT_END = "meant-end"
CONTENT_ENDS = "content-ends"
