"""Words of a reply's text that its code may contradict. No RFC writes them: servers do.

Each pattern is made to miss rather than to cry wolf: it wants the words where they can mean
nothing else, and the conditions beside it take back what is only said with reservations.
"""

from smtp_lsp.grammar import Production

# What stands before the words that count: the address that they are about, an enhanced code.
_BEFORE = rb"(?i)[ \t]*(?:#?[245]\.[0-9]{1,3}\.[0-9]{1,3}:? +)?(?:<[^<>]*>[.:,]* *)?"
_SUBJECT = (
    rb"(?:(?:your|the|this) )?(?:message|mail|(?:sender|recipient)(?: address)?|access|relay"
    rb"|relaying|relay access|address|command) "
)
_VERB = rb"(?:(?:was|is|has been) )?(?:rejected|refused|denied|forbidden|failed|not accepted)"

REFUSED = Production(
    _BEFORE
    + rb"(?:(?:rejected|refused|denied)(?=[:,;]? |[:,;.!]?$|[.!] )|(?:error|failed|forbidden|"
    + _SUBJECT
    + _VERB
    + rb"|no such (?:user|recipient|mailbox|address)"
    + rb"|(?:unknown|invalid) (?:user|recipient|mailbox|sender|address)"
    + rb"|(?:user|recipient|mailbox|sender) unknown|authentication failed)"
    + rb"(?=[:,;.!] |[:,;.!]?$| by | for | as | due ))"
)
"""How a text begins that refuses, whatever its code."""

CONDITION = Production(
    rb"(?i)\b(?:if|unless|until|when|will|would|may|might|could|but|later|previously|no longer|none"
    rb"|nothing|free|not rejected|accepted|queued|quarantin\w*|deliver\w*|ok|okay)\b|<|@"
)
"""What takes a refusal back, or makes it a mailbox's name: ``Error Reports <errors@...>``."""

LATER = Production(
    rb"(?i)\b(?:re-?)?try (?:(?:it|this|sending|your (?:message|mail|request)) )?(?:again )?"
    rb"(?:later\b|(?:in|after) (?:an? )?(?:few |some )?(?:[0-9]+ ?)?(?:moment|sec|min|hour))"
    rb"|\bcome back later\b"
)
"""An invitation to come back."""

NEGATED = Production(rb"(?i)(?:\b(?:not|never|cannot|if|unless)|n't)\b[^.;]{0,24}$")
"""What takes it back, right before it."""

NEVER = Production(
    rb"(?i)\bpermanent (?:failure|error)\b|\bpermanently (?:rejected|refused|failed|deferred)\b"
    rb"|\bdo(?: not|n't) (?:retry|try again)\b|\bretrying will not\b"
)
"""That it is useless to come back."""

UNCERTAIN = Production(rb"(?i)\b(?:if|unless|until|when|may|might|could|would|not a|no)\b")

DONE = Production(
    _BEFORE + rb"(?:ok(?:ay)?(?:[.!]?$|[,:;]? (?:queued|accepted|id=))|queued as "
    rb"|(?:message |mail |recipient |sender )?accepted(?: for delivery)?[.!]?$"
    rb"|(?:recipient|sender) ok(?:ay)?[.!]?$|authentication success)"
)
"""How a text begins that says yes."""
