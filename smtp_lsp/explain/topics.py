"""Pages of what the registries hold beside codes and verbs: enhanced codes, EHLO keywords,
MAIL and RCPT parameters, AUTH mechanisms, header fields. Prose from pages, facts from tables.
"""

from __future__ import annotations

from smtp_lsp import pages, registry
from smtp_lsp.explain.composed import Composed, labelled, notation, references, with_text
from smtp_lsp.pages import phrase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# -- enhanced status codes ---------------------------------------------------


def enhanced(code: str, locale: str) -> Composed | None:
    """Return the page of an enhanced status code such as ``5.1.1`` (RFC 3463).

    One that is not registered is told by its class and its subject; None where it is no such
    code at all. ``X.1.1`` stands for the code in any class.
    """
    digit, subject, detail = ([*code.upper().split("."), "", ""])[:3]
    if digit not in ("2", "4", "5", "X") or not (subject.isdigit() and detail.isdigit()):
        return None
    row = registry.enhanced_code(f"X.{subject}.{detail}")
    page = pages.find(locale, "enhanced", f"X.{subject}.{detail}") if row else None
    page = page or pages.find(locale, "enhanced", f"subject-{subject}")
    name = page.title.partition(" ")[2] if page else ""
    composed = Composed(
        "enhanced", f"{code.upper()} {name}".strip(), page["summary"] if page else ""
    )
    if row is None:
        composed.add("", phrase(locale, "enhanced-unlisted", {"code": code}))
    composed.add("", composed.summary)
    if digit != "X":
        composed.add(phrase(locale, "class"), phrase(locale, f"enhanced-class-{digit}"))
    if page:
        composed.add(phrase(locale, "description"), page["description"])
        composed.add(phrase(locale, "fix"), page["advice"])
    if row:
        codes = [f"`{basic}`" for basic in str(row["basic_codes"]).split()]
        composed.add(phrase(locale, "basic-codes"), ", ".join(codes))
        composed.add(phrase(locale, "references"), references(str(row["reference"]).split("; ")))
    else:
        composed.add(phrase(locale, "references"), references(["RFC 3463 2", "RFC 5248 2"]))
    return composed


# -- EHLO keywords and parameters --------------------------------------------


def enhanced_name(code: str, locale: str) -> str:
    """Return what an enhanced status code is called, or nothing where it is not registered."""
    row = registry.enhanced_code(code)
    if row is None:
        return ""
    page = pages.find(locale, "enhanced", "X" + code[1:])
    return page.title.partition(" ")[2] if page else str(row["name"])


def extension(keyword: str, locale: str) -> Composed | None:
    """Return the page of an EHLO keyword, in any case, or None."""
    row = next((r for r in _extensions() if r["keyword"].upper() == keyword.upper()), None)
    page = pages.find(locale, "extensions", row["keyword"]) if row else None
    if row is None or page is None:
        return None
    composed = _paged("extension", page, locale)
    follows = "" if row["ehlo_params"] == "none" else notation(locale, row["ehlo_params"])
    facts = [labelled(locale, "ehlo-syntax", f"`{row['keyword']}` {follows}".rstrip())]
    for key in ("mail_params", "rcpt_params"):
        names = [f"`{each['name']}`" for each in row[key]]
        if names:
            facts.append(labelled(locale, key.replace("_", "-"), ", ".join(names)))
    if row["verbs"]:
        verbs = ", ".join(f"`{verb}`" for verb in row["verbs"])
        facts.append(labelled(locale, "adds-verbs", verbs))
    for key in ("mail_line_increase", "rcpt_line_increase"):
        if row[key]:
            facts.append(labelled(locale, key.replace("_", "-"), str(row[key])))
    facts.append(labelled(locale, "status", phrase(locale, f"status-{row['status']}")))
    composed.add(phrase(locale, "facts"), _listed(facts))
    composed.add(phrase(locale, "references"), references([row["rfc"]]))
    return composed


def parameter(name: str, locale: str) -> Composed | None:
    """Return the page of a MAIL or RCPT parameter, in any case, or None."""
    wanted = name.upper().rstrip("=")
    uses = []
    for row in _extensions():
        for key, verb in (("mail_params", "MAIL"), ("rcpt_params", "RCPT")):
            uses += [(verb, each, row) for each in row[key] if each["name"].upper() == wanted]
        others = [each for each in row["other_params"] if each["name"].upper() == wanted]
        uses += [(each["command"], each, row) for each in others]
    page = pages.find(locale, "parameters", uses[0][1]["name"]) if uses else None
    if page is None:
        return None
    composed = _paged("parameter", page, locale)
    facts = [labelled(locale, "offered-by", f"`{row['keyword']}`") for row in _once(uses)]
    facts += [
        labelled(locale, "on-command", with_text(locale, f"`{verb}`", _value(each, locale)))
        for verb, each, _ in uses
    ]
    composed.add(phrase(locale, "facts"), _listed(facts))
    composed.add(phrase(locale, "references"), references([row["rfc"] for row in _once(uses)]))
    return composed


def _value(parameter: dict[str, Any], locale: str) -> str:
    return notation(locale, str(parameter["value"]))


def _once(uses: list[tuple[str, Any, Any]]) -> list[Any]:
    rows: list[Any] = []
    for _, _, row in uses:
        if row not in rows:
            rows.append(row)
    return rows


def _extensions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = registry.table("extensions")["extension"]
    return found


# -- AUTH mechanisms ---------------------------------------------------------


def mechanism(name: str, locale: str) -> Composed | None:
    """Return the page of a SASL mechanism, in any case, or None."""
    rows = registry.table("mechanisms")["mechanism"]
    row = next((r for r in rows if r["name"].upper() == name.upper()), None)
    page = pages.find(locale, "mechanisms", row["name"]) if row else None
    if row is None or page is None:
        return None
    composed = _paged("mechanism", page, locale)
    facts = [labelled(locale, "usage", str(row["iana_usage"]))]
    if "plaintext_password" in row:
        clear = phrase(locale, "yes" if row["plaintext_password"] else "no")
        facts.append(labelled(locale, "plaintext", clear))
    if row.get("initial_response"):
        facts.append(
            labelled(locale, "initial-response", notation(locale, row["initial_response"]))
        )
    for key in ("challenges_with_ir", "challenges_without_ir"):
        if key in row:
            special = {-1: "not-allowed", -2: "variable"}.get(row[key])
            shown = phrase(locale, special) if special else str(row[key])
            facts.append(labelled(locale, key.replace("_", "-"), shown))
    composed.add(phrase(locale, "facts"), _listed(facts))
    composed.add(phrase(locale, "references"), references(str(row["ref"]).split("; ")))
    return composed


# -- header fields -----------------------------------------------------------


def field(name: str, locale: str) -> Composed | None:
    """Return the page of a header field, in any case, or None."""
    wanted = name.lower().rstrip(":")
    rows = registry.table("header_fields")
    row = next((r for r in rows if r["name"].lower() == wanted), None)
    page = pages.find(locale, "fields", row["name"]) if row else None
    if row is None or page is None:
        return None
    composed = _paged("field", page, locale)
    facts = []
    if row["kind"]:
        kind = notation(locale, row["kind"])
        facts.append(labelled(locale, "syntax", kind if kind != row["kind"] else f"`{kind}`"))
    if row["max_count"]:
        often = f"{row['min_count'] or 0} {row['max_count']}".replace(" ", "-")
        facts.append(labelled(locale, "count", phrase(locale, f"count-{often}")))
    facts.append(labelled(locale, "registry", str(row["registry"])))
    composed.add(phrase(locale, "facts"), _listed(facts))
    cited = _cited(row["syntax_reference"], row["registry_reference"])
    composed.add(phrase(locale, "references"), references(cited))
    return composed


def _cited(syntax: str, registered: str) -> list[str]:
    """Return where a field is described: each RFC once, written as everywhere else.

    What the registry calls ``RFC-ietf-...`` is a draft that will be an RFC, found as a draft.
    """
    found = syntax.split("; ") if syntax else []
    for each in registered.split():
        name = f"RFC {each[3:]}" if each[3:].isdigit() and each.startswith("RFC") else each
        name = name.replace("RFC-ietf-", "draft-ietf-")
        if not any(said == name or said.startswith(f"{name} ") for said in found):
            found.append(name)
    return found


def _paged(kind: str, page: pages.Page, locale: str) -> Composed:
    composed = Composed(kind, page.title, page["summary"])
    composed.add("", page["summary"])
    composed.add(phrase(locale, "description"), page["description"])
    composed.add(phrase(locale, "mind"), page["advice"])
    return composed


def _listed(facts: list[str]) -> str:
    return "\n".join(f"- {fact}" for fact in facts)


def names() -> list[str]:
    """Return everything that can be explained here, as the registries write it."""
    found = [row["code"] for row in registry.table("enhanced_codes")]
    for row in _extensions():
        found.append(row["keyword"])
        for key in ("mail_params", "rcpt_params", "other_params"):
            found += [each["name"] for each in row[key]]
    found += [row["name"] for row in registry.table("mechanisms")["mechanism"]]
    found += [row["name"] for row in registry.table("header_fields")]
    return found
