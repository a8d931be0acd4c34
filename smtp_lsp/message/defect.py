"""What a tolerant reader stumbled over, and where. Whether it matters is for a rule to say."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtp_lsp.text.view import View


class Defect:
    """One defect: ``sort`` is a constant of the module that read it, ``view`` the place.

    A reader tells a cause once, where it is, and not what follows from it.
    """

    __slots__ = ("sort", "view")

    def __init__(self, sort: str, view: View) -> None:
        self.sort = sort
        self.view = view

    def __repr__(self) -> str:
        return f"<Defect {self.sort} {bytes(self.view)[:40]!r}>"


def by_place(defect: Defect) -> int:
    """Return the octet of the buffer at which *defect* begins, to sort by."""
    return defect.view.start
