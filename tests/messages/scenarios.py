"""The messages that every library is asked to make, as data.

``python scenarios.py FILE`` writes them as JSON for generators in other languages. A generator
leaves out what its library has no means for.
"""

# ruff: noqa: E501 - what people write is not broken off

from __future__ import annotations

import base64
import json
import sys
from typing import Any

Scenario = dict[str, Any]

# One octet pattern that is no text, and the smallest files that are real ones.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
GIF = base64.b64decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=")
PDF = (
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
CSV = "Artikel;Preis\r\nKäse;4,50 €\r\nBrötchen;0,80 €\r\n".encode()
ICS = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//example.org//calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:planning-7@example.org",
        "DTSTAMP:20240305T080000Z",
        "DTSTART:20240312T130000Z",
        "DTEND:20240312T140000Z",
        "SUMMARY:Planning",
        "ORGANIZER:mailto:alice@example.org",
        "ATTENDEE;RSVP=TRUE:mailto:bob@example.test",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
)
FORWARDED = "\r\n".join(
    (
        "From: Carol Jones <carol@example.com>",
        "To: Alice <alice@example.org>",
        "Subject: Broken lamp in corridor 3",
        "Date: Mon, 04 Mar 2024 16:20:11 +0100",
        "Message-ID: <lamp-3@example.com>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "Content-Transfer-Encoding: 7bit",
        "",
        "The lamp at the end of corridor 3 flickers since Friday.",
        "",
        "Carol",
        "",
    )
)

# What people write about in the scripts of the world: name, given name, subject, text.
SCRIPTS: dict[str, tuple[str, str, str]] = {
    "french": (
        "Hélène Lefèvre",
        "Réunion de l’équipe à Besançon : ordre du jour, hébergement et itinéraires depuis la gare, "
        "côté façade sud",
        "Bonjour à tous,\n\nla réunion est fixée au 12 mars à 14 h. Prévoyez vingt minutes de marche.\n"
        "Le dîner aura lieu à la brasserie « L’Été », près de l’hôtel.\n\nÀ bientôt\nHélène\n",
    ),
    "czech": (
        "Jiří Dvořák",
        "Zápis z jednání výboru ze dne 5. března 2024 a návrh rozpočtu na příští čtvrtletí k připomínkám",
        "Dobrý den,\n\nposílám zápis z úterního jednání. Připomínky prosím do pátku.\n\nJiří Dvořák\n",
    ),
    "vietnamese": (
        "Nguyễn Thị Hương",
        "Thông báo lịch nghỉ lễ và kế hoạch bảo trì hệ thống máy chủ trong tháng Ba năm 2024 cho toàn công ty",
        "Kính gửi anh chị,\n\nHệ thống sẽ tạm ngừng từ 22 giờ tối thứ Sáu.\n\nTrân trọng,\nHương\n",
    ),
    "greek": (
        "Ελένη Παπαδοπούλου",
        "Πρόσκληση στη γενική συνέλευση του συλλόγου και ημερήσια διάταξη για την Τρίτη 12 Μαρτίου 2024",
        "Καλημέρα σας,\n\nη συνέλευση θα γίνει την Τρίτη στις 18:00 στην αίθουσα Β.\n\nΕλένη\n",
    ),
    "cyrillic": (
        "Анна Кузнецова",
        "Протокол совещания отдела закупок от 5 марта 2024 года и перечень поручений на следующий квартал",
        "Добрый день!\n\nВысылаю протокол вчерашнего совещания. Жду замечаний до пятницы.\n\nАнна\n",
    ),
    "arabic": (
        "فاطمة الزهراء",
        "دعوة إلى اجتماع لجنة المشروع يوم الثلاثاء القادم وجدول الأعمال المقترح للنقاش في المقر الرئيسي",
        "السلام عليكم،\n\nينعقد الاجتماع يوم الثلاثاء الساعة العاشرة صباحا.\n\nمع التحية\nفاطمة\n",
    ),
    "hebrew": (
        "נועה לוי",
        "סיכום ישיבת הצוות מיום שלישי והצעות לשיפור תהליך ההזמנות של הספרייה העירונית בשנה הבאה",
        "שלום לכולם,\n\nמצורף סיכום הישיבה. הערות עד יום חמישי בבקשה.\n\nנועה\n",
    ),
    "devanagari": (
        "सुनीता शर्मा",
        "मासिक बैठक की सूचना और अगले वित्तीय वर्ष के बजट पर चर्चा के लिए प्रस्तावित कार्यसूची",
        "नमस्ते,\n\nबैठक मंगलवार को सुबह दस बजे होगी।\n\nधन्यवाद\nसुनीता\n",
    ),
    "thai": (
        "สมชาย ใจดี",
        "ขอเชิญประชุมคณะกรรมการโครงการประจำเดือนมีนาคมและรายงานความคืบหน้าของงานก่อสร้าง",
        "เรียนทุกท่าน\n\nการประชุมจะจัดขึ้นในวันอังคารเวลาสิบนาฬิกา\n\nสมชาย\n",
    ),
    "chinese-simplified": (
        "王小明",
        "关于召开二〇二四年第一季度项目进展汇报会议的通知以及会议议程和参会人员名单请查收并确认出席",
        "各位同事：\n\n会议定于三月十二日下午两点举行，请准时参加。\n\n王小明\n",
    ),
    "chinese-traditional": (
        "陳美玲",
        "關於三月份系統維護時程之通知與資料備份作業說明敬請各單位同仁於期限前完成檔案整理並回覆",
        "各位同仁：\n\n系統將於三月十五日晚間十點暫停服務。\n\n陳美玲 敬上\n",
    ),
    "japanese": (
        "山田 花子",
        "第一四半期の進捗報告会議のご案内および資料の事前提出のお願い、出欠の確認につきまして",
        "お疲れ様です。\n\n会議は三月十二日（火）の十四時から行います。\n\n山田\n",
    ),
    "korean": (
        "김영희",
        "이천이십사년 일분기 사업 진행 보고 회의 일정 안내 및 회의 자료 사전 제출 요청의 건",
        "안녕하세요.\n\n회의는 3월 12일 오후 두 시에 시작합니다.\n\n김영희 드림\n",
    ),
    "armenian": (
        "Անահիտ Պետրոսյան",
        "Հրավեր տարեկան ժողովին և առաջարկվող օրակարգը մարտի տասներկուսի հանդիպման համար",
        "Բարև ձեզ,\n\nժողովը կկայանա երեքշաբթի ժամը տասին։\n\nԱնահիտ\n",
    ),
    "georgian": (
        "ნინო ბერიძე",
        "მოწვევა წლიურ კრებაზე და შემოთავაზებული დღის წესრიგი თორმეტი მარტის შეხვედრისთვის",
        "გამარჯობა,\n\nკრება გაიმართება სამშაბათს ათ საათზე.\n\nნინო\n",
    ),
    "emoji": (
        "Team 👩‍💻 Web",
        "🎉 Release day 🚀 thanks to everyone 👨‍👩‍👧‍👦 and a special 👏🏽 to the testers 🧑🏿‍🔬 — party at five 🍰 🏳️‍🌈",
        "It is done. 🎉\n\nCake at five 🍰, families welcome 👨‍👩‍👧‍👦.\n",
    ),
}

ALICE = ["Alice Smith", "alice@example.org"]
BOB = ["Bob", "bob@example.test"]
TEXT = "Hello Bob,\n\nthe figures are ready. Shall we meet on Tuesday?\n\nAlice\n"
HTML = (
    "<html><body><p>Hello Bob,</p><p>the figures are <b>ready</b>.</p><p>Alice</p></body></html>\n"
)
LONG = (
    "A paragraph is one line in many programs, so that this line goes on and on, without any break, "
    "past the seventy-eighth and past the hundredth column, says 1+1=2, ends in blanks  \n"
    "From here the next line starts with From, and the one below with a dot.\n"
    ".profile is a file\n=C3 is no escape here\ttab\n"
)


def attached(name: str, kind: str, data: bytes, cid: str = "") -> dict[str, str]:
    """Return an attachment; with *cid* it is shown in the HTML part."""
    return {"name": name, "type": kind, "data": base64.b64encode(data).decode(), "cid": cid}


def scenario(name: str, **more: Any) -> Scenario:
    """Return a message from Alice to Bob but for *more*."""
    one: Scenario = {
        "name": name,
        "from": [ALICE],
        "to": [BOB],
        "cc": [],
        "subject": "Figures for the first quarter",
        "text": TEXT,
        "headers": [],
        "attachments": [],
    }
    one.update(more)
    return one


def international() -> list[Scenario]:
    """Return a message in each script, its names and its subject in that script too."""
    return [
        scenario(
            f"script-{script}",
            **{"from": [[name, f"{script}@example.org"]], "to": [[name, "list@example.test"]]},
            subject=subject,
            text=text,
        )
        for script, (name, subject, text) in SCRIPTS.items()
    ]


def shapes() -> list[Scenario]:
    """Return the shapes that a body takes."""
    png = attached("logo.png", "image/png", PNG, "logo@example.org")
    return [
        scenario("plain"),
        scenario("plain-empty-body", text=""),
        scenario("plain-quoted-printable", text=LONG, encoding="quoted-printable"),
        scenario("plain-base64", text=SCRIPTS["greek"][2], encoding="base64"),
        scenario("plain-8bit", text=SCRIPTS["french"][2], encoding="8bit"),
        scenario("plain-utf8-quoted", text=SCRIPTS["czech"][2], encoding="quoted-printable"),
        scenario("html-alternative", html=HTML),
        scenario(
            "html-alternative-8bit",
            text=SCRIPTS["cyrillic"][2],
            html=f"<p>{SCRIPTS['cyrillic'][0]}</p>\n",
        ),
        scenario("html-long-line", html="<p>" + "word " * 300 + "</p>\n"),
        scenario("attachment", attachments=[attached("figures.pdf", "application/pdf", PDF)]),
        scenario(
            "attachments-three",
            attachments=[
                attached("figures.pdf", "application/pdf", PDF),
                attached("dot.gif", "image/gif", GIF),
                attached(
                    "data (final) v1.2; really.bin", "application/octet-stream", bytes(range(200))
                ),
            ],
        ),
        scenario(
            "attachment-name-latin",
            attachments=[attached("Übersicht für März.pdf", "application/pdf", PDF)],
        ),
        scenario(
            "attachment-name-japanese",
            attachments=[
                attached(
                    "第一四半期の進捗報告および資料の事前提出について.pdf", "application/pdf", PDF
                )
            ],
        ),
        scenario(
            "attachment-name-long",
            attachments=[
                attached("minutes-of-the-meeting-" * 5 + "final.pdf", "application/pdf", PDF)
            ],
        ),
        scenario(
            "attachment-text", attachments=[attached("Preise.csv", "text/csv; charset=utf-8", CSV)]
        ),
        scenario(
            "inline-image",
            html='<p>Hello <img src="cid:logo@example.org" alt="logo"></p>\n',
            attachments=[png],
        ),
        scenario(
            "everything",
            html='<p>Grüße <img src="cid:logo@example.org" alt=""></p>\n',
            attachments=[png, attached("Größe.pdf", "application/pdf", PDF)],
        ),
        scenario("calendar", calendar=ICS),
        scenario("forwarded", message=FORWARDED),
    ]


def headers() -> list[Scenario]:
    """Return what stands in headers."""
    many = [[f"Member Number {n}", f"member{n}@example.com"] for n in range(1, 26)]
    return [
        scenario("addresses-many", to=many),
        scenario("addresses-many-bare", to=[["", address] for _, address in many], cc=[BOB]),
        scenario(
            "names-with-specials",
            **{"from": [["Smith, Alice (Sales)", "alice@example.org"]]},
            to=[
                ["Dr. Bob O'Neil", "bob@example.test"],
                ['Joe "the boss" Doe', "joe@example.com"],
                ["info@example.com", "info@example.com"],
                ["back\\slash: <odd>; [x]", "odd@example.test"],
            ],
        ),
        scenario(
            "names-non-ascii",
            **{"from": [["Größe, Jürgen (Büro)", "juergen@example.org"]]},
            to=[["Hélène Lefèvre", "helene@example.test"], ["王小明", "wang@example.com"]],
            cc=[["Σοφία O'Neil-Παπά", "sofia@example.com"], ["José", "jose@example.test"]],
        ),
        scenario("address-idn", to=[["Bücher", "info@xn--bcher-kva.example.org"]]),
        scenario(
            "address-odd", to=[["", "a+b=c/d{e}!f#g$h%i&j'k*m?n^o_p`q|r~s@sub-1.example.test"]]
        ),
        scenario(
            "reply",
            subject="Re: Figures for the first quarter",
            headers=[
                ["In-Reply-To", "<figures-1@example.test>"],
                [
                    "References",
                    " ".join(f"<figures-thread-{n}.0123456789@example.test>" for n in range(1, 9)),
                ],
            ],
        ),
        scenario(
            "list",
            subject="[dev] Figures for the first quarter",
            headers=[
                ["List-Id", "Development <dev.lists.example.org>"],
                [
                    "List-Unsubscribe",
                    "<https://lists.example.org/u?l=dev>, <mailto:dev-off@example.org>",
                ],
                ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
                ["List-Post", "<mailto:dev@lists.example.org>"],
                ["List-Archive", "<https://lists.example.org/archive/dev>"],
                ["Precedence", "list"],
            ],
        ),
        scenario(
            "resent",
            headers=[
                ["Resent-From", "Carol Jones <carol@example.com>"],
                ["Resent-To", "dave@example.test"],
                ["Resent-Date", "Wed, 06 Mar 2024 08:00:00 +0000"],
                ["Resent-Message-ID", "<resent-1@example.com>"],
            ],
        ),
        scenario(
            "automatic",
            headers=[
                ["Auto-Submitted", "auto-generated"],
                ["X-Priority", "1 (Highest)"],
                ["Importance", "high"],
                ["Organization", "Example Ltd."],
                ["X-Long-Note", "note " * 60 + "end"],
            ],
        ),
        scenario(
            "receipt", headers=[["Disposition-Notification-To", "Alice Smith <alice@example.org>"]]
        ),
        scenario(
            "sender",
            **{"from": [ALICE, ["Carol Jones", "carol@example.com"]]},
            sender=["Office", "office@example.org"],
            reply_to=[["Both", "both@example.org"]],
        ),
        scenario(
            "subject-long-ascii", subject="Minutes of the meeting on the tenth floor " * 4 + "end"
        ),
        scenario("subject-long-word", subject="Build " + "a1b2c3d4" * 20 + " failed"),
        scenario(
            "subject-mixed", subject="Angebot für Herrn O’Neil: 3 × 100 € = 300 € (gültig bis März)"
        ),
        scenario(
            "subject-like-encoded", subject="How to write =?utf-8?Q?Gr=C3=BC=C3=9Fe?= in a header"
        ),
        scenario("undisclosed", to=[], group=["undisclosed-recipients", []]),
        scenario(
            "group", to=[], group=["Project Team", [BOB, ["Carol Jones", "carol@example.com"]]]
        ),
    ]


def scenarios() -> list[Scenario]:
    """Return all of them, each with its own date."""
    found = [*shapes(), *headers(), *international()]
    for number, one in enumerate(found):
        # From Tuesday 5 March 2024, an hour and a few seconds apart.
        one["epoch"] = 1709629200 + number * 3607
    return found


def rows(one: Scenario) -> list[tuple[str, ...]]:
    """Return a scenario as key and values, for a language without a reader of JSON at hand."""
    found: list[tuple[str, ...]] = []
    for key in ("from", "to", "cc", "reply_to"):
        found += [(key, *pair) for pair in one.get(key, ())]
    if "sender" in one:
        found.append(("sender", *one["sender"]))
    if "group" in one:
        name, members = one["group"]
        found.append(("group", f"{name}: " + ", ".join(f"{n} <{a}>" for n, a in members) + ";"))
    found += [("header", *pair) for pair in one["headers"]]
    keys = ("subject", "encoding", "text", "html", "calendar", "message")
    found += [(key, one[key]) for key in keys if key in one]
    return found


def table() -> str:
    """Return all scenarios as lines of name, date, key and values in base64, tabs between."""
    lines = []
    for one in scenarios():
        head = f"{one['name']}\t{one['epoch']}"
        for key, *values in rows(one):
            coded = (base64.b64encode(value.encode()).decode() for value in values)
            lines.append("\t".join((head, key, *coded)))
        for item in one["attachments"]:
            name, kind, cid = (
                base64.b64encode(item[key].encode()).decode() for key in ("name", "type", "cid")
            )
            lines.append("\t".join((head, "attachment", name, kind, item["data"], cid)))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="ascii") as file:
        file.write(table() if sys.argv[1].endswith(".tsv") else json.dumps(scenarios()))
