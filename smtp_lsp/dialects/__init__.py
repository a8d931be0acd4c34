"""How people write sessions down: one module per dialect, and telling them apart.

A new dialect is a module with a ``DIALECT``, its name in ``PREFIXED``, and three samples
under ``tests/cases/dialects/NAME/``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.dialects.reading import Dialect

# Dialects with a prefix first, the more particular before the more common, each with
# octets of which one stands in every file of it: where none does, its module and its
# pattern need not even be loaded. Those without any prefix are what is left.
PREFIXED = {
    "smtplib": (b"send: ", b"reply: "),
    "swaks": (b"->", b"<-", b"~>", b"<~", b"**>", b"<**"),
    "arrows": (b">>>", b"<<<"),
    "curl": (b"> ", b"< "),
    "rfc": (b":",),
}
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
