"""Bytes of mail as text, whatever the mail says about them: many say the wrong thing."""

from __future__ import annotations

_WIDER = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
}
"""What is meant by what is said, as browsers understand it: each reads more than the one it stands for."""


def decoded_bytes(data: bytes, charset: str | None) -> str:
    """The text in the charset told, else as UTF-8, else as Windows-1252, where nothing is lost but what has no sign."""
    told = (charset or "utf-8").strip("\"' \t\r\n").casefold()
    for name in (_WIDER.get(told, told), "utf-8", "cp1252"):
        try:
            return data.decode(name).removeprefix("\ufeff")
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace")
