"""How people write sessions down: one module per dialect, and telling them apart.

A new dialect is a module with a ``DIALECT``, its name in ``NAMES``, and three samples
under ``tests/cases/dialects/NAME/``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Dialect

# Dialects with a prefix first, the more particular before the more common; those without
# any prefix are what is left when none of these is spoken.
PREFIXED = ("smtplib", "swaks", "arrows", "curl", "rfc")
BARE = ("capture", "client")
NAMES = (*PREFIXED, *BARE)

_modules = {"client": "client_stream"}


def dialect(name: str) -> Dialect:
    """Return a dialect by its name. Raises KeyError where there is none of that name."""
    if name not in NAMES:
        raise KeyError(name)
    module = __import__(f"smtp_lsp.dialects.{_modules.get(name, name)}", fromlist=["DIALECT"])
    found: Dialect = module.DIALECT
    return found
