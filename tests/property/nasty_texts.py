"""Texts that are hard to find again by their words: what people really type, paste, and what machines hear."""

from __future__ import annotations

from random import Random

KINDS: dict[str, tuple[str, ...]] = {
    "plain": (
        "the alerts cost us nine nights",
        "nobody upstairs reads the report",
        "we moved to the other vendor in year two",
        "the licence doubled at renewal",
        "our analysts asked for an export",
        "it took a week to set up",
    ),
    "stop words": (
        "it is what it is",
        "to be or not to be",
        "that that is is",
        "who are you",
        "IT and it",
        "the the",
        "US us",
    ),
    "apostrophes": (
        "we don’t",
        "we don't",
        "rock 'n' roll",
        "O’Brien’s",
        "the analysts' view",
        "y'all'd've",
        "ʼtwas",
        "’90s",
    ),
    "hyphens": (
        "state-of-the-art",
        "bake-off",
        "e-mail",
        "non\u2010breaking\u2011hyphen",
        "--force",
        "a - b",
        "3-5 days",
        "-minus",
    ),
    "accents": (
        "Zürich",
        "naïve café",
        "re\u0301sume\u0301",
        "Ångström",
        "São Paulo",
        "İstanbul",
        "ﬁne ﬂow",
        "Ⅷ",
        "½ price",
        "x²",
    ),
    "scripts": (
        "안녕하세요 세계",
        "日本語のテスト",
        "我们换了供应商",
        "カタカナ",
        "Это не работает",
        "לא עובד",
        "لا يعمل",
        "नमस्ते दुनिया",
        "ไม่ทำงาน",
    ),
    "emoji": ("😀 great", "👩‍👩‍👧‍👦 family", "ok 👍🏽 then", "🇩🇪 team", "1️⃣ first", "love ❤️ it", "¯\\_(ツ)_/¯ shrug"),
    "numbers": (
        "1,000,000",
        "3.14159",
        "$2.5M",
        "50%",
        "24/7",
        "2026-04-14",
        "10:30am",
        "v2.0.1-rc1",
        "192.168.0.1",
        "+1 (555) 010-9999",
        "1.000,50",
        "１２３",
        "٣٤",
    ),
    "addresses": (
        "https://support.example.org/questions/1400733#answer-1556344?x=1&y=%20z",
        "www.example.com/a_b/c-d.html",
        "priya.nair+soc@mail.example.co.uk",
        "ftp://[::1]/~user",
        "#winloss @vendor",
        "C:\\Program Files\\App\\x.dll",
        "/var/log/*.log",
    ),
    "code": (
        "def f(x): return x[0] ** 2",
        "if (a && !b) { c = d->e; }",
        "SELECT * FROM t WHERE a='b' -- c",
        '<div class="x">&nbsp;</div>',
        "snake_case __init__ camelCase",
        "$ rm -rf ~/tmp",
        '{"key": [1, 2]}',
        "0xDEADBEEF",
        "a=b;c=d",
    ),
    "query words": (
        "this OR that AND NOT those",
        "role:ciso said",
        "segment:federal quarter:2026Q2",
        "date:2026-01..2026-06",
        "tag:(a OR b)",
        "wild* and fuz*y",
        "fuzzy~2",
        "near~5 it",
        "(in brackets) too",
        "((nested) deep)",
        "\\escaped",
        "-role:ciso",
        "title:x text:y id:v1",
    ),
    "quotation marks": (
        'she said "never again" twice',
        "he “really” meant „it“",
        'a 19" rack',
        '"" empty',
        "«guillemets» here",
        "''two''",
    ),
    "repetitions": (
        "I I I mean",
        "the the the the cost",
        "no no no no no no no",
        "you know you know you know",
        "very very very very long",
    ),
    "long words": (
        "a" * 63 + " x",
        "b" * 64 + " y",
        "c" * 65 + " z",
        "d" * 300,
        "Donaudampfschifffahrtsgesellschaftskapitän " * 2,
    ),
    "white space": (
        "two  spaces",
        "a\ttab",
        "non\u00a0breaking",
        "line\nbreak",
        "zero\u200bwidth",
        "soft\u00adhyphen",
        "thin\u2009space",
        "ideographic\u3000space",
    ),
}


def nasty_texts(count: int, seed: int) -> list[str]:
    """So many texts of 1 to 30 fragments of all kinds, now and then a wall of thousands of words."""
    draw = Random(seed)
    fragments = [fragment for kind in KINDS.values() for fragment in kind]
    return [" ".join(draw.choices(fragments, k=_length(draw))) for _ in range(count)]


def _length(draw: Random) -> int:
    return 4000 if draw.random() < 0.002 else draw.randint(1, 30) if draw.random() < 0.3 else draw.randint(1, 6)
