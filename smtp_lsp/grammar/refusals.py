"""What servers say when they refuse: words, not syntax, as servers in use write them.

Where each comes from: Postfix ``src/smtpd/smtpd_check.c`` and ``smtpd.c``, Exim
``src/smtp_in.c`` and ``configure.default``, Sendmail ``cf/m4/proto.m4``, qmail
``qmail-smtpd.c``, Haraka ``connection.js``, and the error lists that Google, Microsoft and
Yahoo publish (``registry/facts/providers.toml``). Flag 2 is ``re.IGNORECASE``.
"""

from __future__ import annotations

from smtp_lsp.grammar import Production

_IGNORECASE = 2


def _words(*alternatives: bytes) -> Production:
    return Production(b"|".join(alternatives), _IGNORECASE)


# -- what is missing -----------------------------------------------------------

RELAY = _words(
    rb"relay(?:ing)? (?:access )?(?:is |was )?(?:not\b|denied|prohibit|disallow|forbid|refus)",
    rb"(?:unable|not (?:allowed|permitted|authori[sz]ed)) (?:to )?relay|no relay",
    rb"(?:do not|don't|cannot|can't|won't) relay",
    rb"allowed rcpthosts|I cannot deliver mail for|authenticat\w{0,5} to relay|not a relay",
    rb"we don't accept mail for|not (?:one of )?our (?:domains?|users?)\b",
)
NEEDS_AUTH = _words(
    rb"auth(?:enticat(?:ion|e|ed))? (?:is )?(?:required|needed|mandatory)",
    rb"require[sd]? (?:smtp )?auth",
    rb"(?:must|need to|have to|please)(?: first)? (?:authenticate|log ?in|log on|sign ?in)",
    rb"not (?:authenticated|logged in|been authenticated)|turn on smtp auth|without auth",
    rb"authentification (?:requise|n.{1,2}cessaire)",
    rb"authenticate (?:first|before)|log ?in first|authenticated users only|anonymous mail",
)
NEEDS_TLS = _words(
    rb"(?:issue|use|send|need|require[sd]?)(?: a| an| the)? (?:STARTTLS|TLS|SSL|secure|encrypt)",
    rb"(?:TLS|SSL|encryption|secure connection)(?: connection)? (?:is )?(?:required|mandatory)",
    rb"STARTTLS (?:first|is required|required|command first)",
    rb"only (?:allowed |over |inside |with ){0,2}(?:TLS|SSL|encrypt)|session encryption",
    rb"plaintext (?:auth\w{0,11} )?(?:is )?disabled",
)
NO_AUTH_HERE = _words(
    rb"auth\w{0,11} (?:is )?(?:not|disabled)|not advertised",
    rb"not (?:enabled|supported|available|impl)|unrecogni[sz]ed|unknown|not understood",
    rb"unimpl|disabled|invalid command|bad command",
)

# -- AUTH ----------------------------------------------------------------------

APP_PASSWORD = _words(
    rb"app(?:lication)?[- ](?:specific )?password|p=InvalidSecondFactor",
)
WEB_LOGIN = _words(
    rb"web ?(?:browser|login)|p=WebLoginRequired|WebLogin",
)
AUTH_DISABLED = _words(
    rb"SmtpClientAuthentication is disabled|basic auth\w{0,11} is (?:disabled|not supp)",
    rb"smtp_auth_disabled|security defaults|blocked by your (?:organi|admin)",
    rb"auth\w{0,11} is disabled",
)
LOGIN_LIMIT = _words(
    rb"too many (?:log ?in|auth|failed|bad|attempts|invalid)|locked",
    rb"temporarily (?:blocked|disabled)",
)
MECHANISM = _words(
    rb"mechanism|authentication type|unrecogni[sz]ed auth|auth\w{0,11} method",
)

# -- who may send, and to whom -------------------------------------------------

NOT_THE_SENDER = _words(
    rb"not owned by|as this sender|SendAsDenied|send (?:as|on behalf of)\b",
    rb"relaying disallowed as|verified sender|not verified",
    rb"not (?:authori[sz]ed|allowed|permitted) to (?:use|send (?:from|as|mail from|using))",
    rb"sender (?:address )?(?:is )?not (?:allowed|permitted|authori[sz]ed)",
    rb"(?:does|do) ?n[o']t match (?:the |your )?(?:auth|user|login|account)|sender mismatch",
    rb"(?:must|should) (?:be the same|match)",
)
SENDER_DOMAIN = _words(
    rb"domain of sender|sender (?:address )?(?:rejected: )?domain|domain not found",
    rb"sender verify fail",
    rb"sender[^;:]{0,40}(?:does not exist|not resolve|not found|unresolvable)",
    rb"domain must resolve|(?:find|resolve) (?:your|the|a) (?:sender|domain)",
    rb"no (?:valid )?(?:MX|A) (?:record|or)",
)
NO_SUCH_RECIPIENT = _words(
    rb"(?:user|recipient|mailbox|address|account|local part)(?: is)? unknown",
    rb"unknown (?:user|recipient|mailbox|address|local)",
    rb"no such (?:user|recipient|mailbox|address|person|account|local|name)",
    rb"does(?:n't| not) (?:exist|have a)",
    rb"mailbox (?:is )?(?:unavailable|not found|invalid|disabled)",
    rb"(?:user|recipient|address)(?: was| is)? (?:not found|inactive|disabled|invalid)",
    rb"no mailbox|invalid (?:recipient|mailbox|user|address)|unrout(?:e)?able",
    rb"not a valid (?:mailbox|recipient|user|address)",
    rb"account (?:is )?(?:disabled|inactive|not found)|not listed in|nobody here",
    rb"destinataire inconnu|utilisateur inconnu",
)
SENDER_VERIFY = _words(
    rb"sender verif|verification failed for|callback|call-?out|sender callout",
)
RECIPIENT_DOMAIN = _words(
    rb"recipient (?:address rejected: )?domain|no such domain|host (?:unknown|not found)",
    rb"bad domain|domain (?:is )?(?:unknown|not found|does not exist|not hosted)|null ?MX",
)
MAILBOX_FULL = _words(
    rb"quota|(?:mailbox|inbox|mail ?drop)(?: is)? (?:full|over)|out of (?:storage|space)",
    rb"mailbox size|storage space|boite pleine",
)
TOO_MANY_RECIPIENTS = _words(
    rb"too many (?:recipients|rcpt)|recipients? limit|number of recipients",
)

# -- who connects --------------------------------------------------------------

NO_PTR = _words(
    rb"reverse (?:dns|host|lookup|map|name|address)|\bPTR\b|\brDNS\b",
    rb"cannot (?:find|resolve) your|find your (?:reverse )?host ?name|no (?:valid )?reverse",
)
BLOCKED = _words(
    rb"block(?:ed|[- ]?list)|black[- ]?list|dnsbl|\brbl\b|listed (?:at|by|in|on)|spamhaus",
    rb"spamcop|barracuda|reputation|banned|dynamic (?:ip|addr)|client host rejected",
    rb"block list|to send (?:e-?mail|mail) directly|unusual rate|proxy",
    rb"connections? (?:will )?not (?:be )?accepted|access denied|denylist",
)
GREYLISTED = _words(
    rb"gr[ae]y[- ]?list|postgrey|try again in [0-9]|come back (?:later|in)",
)
LIMITED = _words(
    rb"too (?:many|much|quickly|fast|frequent)|rate[- ]?limit|throttl",
    rb"limit (?:was |is |has been )?(?:exceeded|reached)",
    rb"exceed\w{0,3} (?:the |your |its )?(?:daily|hourly|max|sending|rate|allowed|quota|limit)",
    rb"concurrent|deferred|unexpected volume|sending limit|slow down",
)
HELLO_NAME = _words(
    rb"helo|ehlo|host ?name|fully[- ]qualified|fqdn|domain name|syntactically invalid",
    rb"invalid (?:name|argument|domain)",
)

NOT_COMPLIANT = _words(
    rb"not RFC ?-?[0-9]{3,4} ?compliant|missing a valid|rfc[ -]?compl|header is missing",
)

# The mailbox that a reply names, where the command is not on record.
MAILBOX = Production(rb"<[^<>\s@]{1,64}@[^<>\s@]{1,255}>")
NO_RECIPIENT = _words(rb"no valid recipients|need rcpt|rcpt first|no recipients|valid rcpt")

# -- the message ---------------------------------------------------------------

TOO_LARGE = _words(
    rb"too (?:big|large)|size (?:limit|exceed)",
    rb"(?:message|mail|maximum|permitted|fixed) (?:file )?size",
    rb"exceed\w{0,3} [a-z' ]{0,40}(?:size|maximum)|larger than|length exceed",
)
VIRUS = _words(
    rb"virus|malware|infect|eicar|trojan|ransom",
)
DANGEROUS = _words(
    rb"phish|potential security",
    rb"(?:banned|blocked|forbidden|prohibited) (?:file|attach|ext)|file type|dangerous",
)
UNSAFE = _words(VIRUS.pattern, DANGEROUS.pattern)
# Outlook.com says of a machine that is probably compromised: 550 DY-002.
INFECTED_CLIENT = _words(
    rb"\bDY-002\b|(?:host|machine|computer|system|client)\S* (?:is |was |may be )?infected",
    rb"virus[- ]infected|botnet",
)
DMARC = _words(
    rb"\bDMARC\b",
)
SPF = _words(
    rb"\bSPF\b|sender policy framework",
)
DKIM = _words(
    rb"\bDKIM\b",
)
PROOFS = _words(DMARC.pattern, SPF.pattern, DKIM.pattern)
SENDER_UNPROVEN = _words(
    PROOFS.pattern,
    rb"unauthenticated|sender id\b",
)
SPAM = _words(
    rb"spam|unsolicited|\bjunk\b|\bbulk\b|\bUCE\b|\bUBE\b",
    rb"content (?:filter|rejected|blocked|policy)|suspicious|objectionable|\bscore\b",
)
BARE_ENDS = _words(
    rb"(?:bare|stray|lone|naked|isolated) (?:<?(?:LF|CR|NL)>?\b|line ?feed|newline|carriage)",
    rb"bare<|smuggl|missing CR\b|line ending",
)
LONG_LINES = _words(
    rb"lines? (?:is |are |was )?(?:too long|longer)|line length|overlong",
    rb"maximum (?:allowed )?line|too long lines?",
)
NOT_ASCII = _words(
    rb"8-?bit|non-?ascii|smtputf8|unicode|utf-?8|not 7-?bit|internationali[sz]ed|8BITMIME",
)
HEADER = _words(
    rb"rfc[ -]?(?:2822|5322|822)|header|malformed|duplicate|message-id|subject is|MIME|syntax",
    rb"(?:missing|no|invalid|multiple|several) (?:a |the |valid )?(?:from|date|subject|sender)\b",
)

# -- the connection ------------------------------------------------------------

IDLE = _words(
    rb"time ?-?out|timed out|\bidle\b|inactiv|took too long|waiting for",
)
MANY_ERRORS = _words(
    rb"too many (?:error|bad|syntax|unrecogni|unknown|invalid|protocol|unauth|non|junk|failed)",
    rb"error limit|synchroni[sz]ation|break rules|before (?:greeting|banner)|pregreet",
    rb"not permitted before",
)
FULL_DISK = _words(
    rb"insufficient (?:system )?(?:storage|disk|space)|out of disk|no space|queue.{0,8}full",
)

# What tools say of a connection that ended, or never came to be.
LOST = _words(
    rb"connection (?:unexpectedly |was |has been )?(?:closed by|reset|lost|aborted|timed out)",
    rb"connection (?:unexpectedly |was |has been )?(?:dropped|terminated|refused)",
    rb"unexpectedly closed|closed unexpectedly|remote host closed|lost connection|reset by peer",
    rb"broken pipe|timed[ -]out|timeout(?!=)|unexpected (?:eof|end|clos)|failed to read",
    rb"closed by (?:foreign|remote)|server ?disconnected|closed the connection|closed abruptly",
    rb"empty reply|greeting never received|response: -1|\[eof\]|econnreset|socket hang up",
)
HANDSHAKE = _words(
    rb"certificate|handshake (?:fail|err)|handshakeexception|wrong version|unknown ca\b",
    rb"self[- ]signed|tls alert|ssl_?error|unsupported protocol|no shared cipher|pkix",
    rb"verif(?:y|ication) (?:error|fail)|unable to get local|hostname mismatch",
    rb"ssl operation failed|tls startup failed|starttls failed|tls negotiation failed",
)
# A client that goes on to the next exchanger of the domain (sendmail -v, exim -v).
NEXT_EXCHANGER = _words(rb"connecting to \S{1,255}")
RENEGOTIATING = Production(
    rb"(?m)^[^A-Za-z\r\n]{0,40}(?:[A-Z][a-z]{2} [^A-Za-z\r\n]{1,20})?RENEGOTIATING\b"
)
NOT_TLS = _words(
    rb"wrong version number|unknown protocol|not look like a tls|record layer",
    rb"packet length too long|plain(?:text)? (?:connection|server)",
)
# The same in a record in which nobody came to speak: telnet, nc, swaks, curl, msmtp, smtplib.
NOT_RESOLVED = _words(
    rb"could not resolve host|name or service not known|nodename nor servname|gaierror",
    rb"failure in name resolution|unknown host|no address associated|getaddrinfo",
)
NO_CONNECTION = _words(
    rb"connection refused|no route to host|network is unreachable|connectionrefusederror",
)
CONNECTED = _words(
    rb"escape character is|connected to|connection: opened|connection established",
    rb"greeting never received|server ?disconnected|empty reply|response: -1|\[eof\]",
)

PORT_465 = Production(rb"(?:[:.\s]|port[ =]+)465\b|smtps://", _IGNORECASE)
