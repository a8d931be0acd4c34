"""Names of files: what systems and people take from their ends and beginnings, in UTF-8."""

from smtp_lsp.grammar import Production

_IGNORECASE = 2

# What a system runs when it is opened, by its ending.
_RUN = (
    rb"(?:exe|scr|com|pif|bat|cmd|cpl|msi|msp|lnk|url|hta|chm|jar|reg|scf|vb|vbs|vbe|js|jse|ws|wsf"
    rb"|wsh|wsc|ps1|psm1|appref-ms|application|msix|appx|dmg|pkg|apk|desktop)"
)
# What people open without a thought.
_READ = (
    rb"(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|txt|csv|jpe?g|png|gif|bmp|tiff?|webp|heic|mp[34]"
    rb"|avi|mov|wav|html?|eml|ics)"
)

# A name of an executable that looks like that of a document: `invoice.pdf.exe`.
TWO_ENDINGS = Production(rb"\.%b[ \t_-]{0,8}\.%b[. ]{0,8}\Z" % (_READ, _RUN), _IGNORECASE)

# Blanks that push the ending out of sight.
BLANKS_BEFORE_ENDING = Production(
    rb"(?:[ \t]|\xc2\xa0|\xe2\x80[\x80-\x8a]|\xe3\x80\x80){8}\.?%b[. ]{0,8}\Z" % _RUN, _IGNORECASE
)

# Dots and blanks behind the ending, which Windows takes off: what looks for `.exe` finds none.
TRAILING_BEHIND_ENDING = Production(rb"\.%b[. ]{1,64}\Z" % _RUN, _IGNORECASE)

# What leads to another folder.
LEADS_UP = Production(rb"(?:\A|[/\\])\.\.[/\\]")
IS_ABSOLUTE = Production(rb"[A-Za-z]:[/\\]|\\\\|/[^/]|~[^/\\]{0,64}[/\\]")

CONTROL = Production(rb"[\x00-\x08\x0a-\x1f\x7f]")
