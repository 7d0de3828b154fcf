"""The shapes secrets take around the words of `words`. Each pattern has a group `value`, the part to cut.

Every repetition is bounded or cannot overlap its neighbour: matching stays linear on hostile text.
"""

import re

from helpdesk.secrets import words

_S = r"\s{0,3}"
_LINK = rf"(?P<link>{_S}(?:[:=]|->|→|\s[-–—])|\s{{1,3}}(?:es|is|era|fue|son|was|ser[ií]a)\b{_S}:?)"
_ARTICLE = rf"(?:{_S}(?:el|la|the|este|esta)\b)?"
_FILL = rf"(?:\s{{1,3}}(?:{words.BETWEEN})(?!\w)){{0,8}}"
_NUMBER = r"(?:\d(?:[ .\-]\d){2,7}|\d{2,4}[ \-]\d{2,4}|\d{3,8})(?!\w|[.,\-]\d)"

NUMBER_AFTER = re.compile(
    rf"(?<!\w)(?:(?P<card>{words.CARD_CODE})|(?P<once>{words.ONE_USE})|(?P<plain>c[oó]digo|code)"
    rf"|(?P<word>{words.PASSWORD})){_FILL}(?:{_LINK})?{_ARTICLE}{_S}[\"'«“(#]?(?P<value>{_NUMBER})",
    re.IGNORECASE,
)
NUMBER_BEFORE = re.compile(
    rf"(?<![\w.,\-])(?P<value>{_NUMBER})\s{{1,3}}(?:(?:es|is|fue|era)\s{{1,3}}(?:(?:el|la|mi|my|the)\s{{1,3}})?"
    rf"(?:{words.CARD_CODE}|{words.ONE_USE}|{words.PASSWORD}|c[oó]digo)|(?:de\s)?(?:cvv|cvc))(?!\w)",
    re.IGNORECASE,
)
WORD_AFTER = re.compile(
    rf"(?<!\w)(?P<mine>(?:mi|my)\s{{1,3}})?(?:(?P<clave>clave)|{words.PASSWORD}|(?P<once>{words.ONE_USE})){_FILL}{_LINK}"
    rf"{_S}[\"'«“(]?(?P<value>[^\s\"»”]{{3,}})",
    re.IGNORECASE,
)
MIXED_AFTER = re.compile(
    rf"(?<!\w)(?:{words.PASSWORD}){_FILL}\s{{1,3}}[\"'«“(]?"
    rf"(?P<value>(?=\S{{0,40}}\d)(?=\S{{0,40}}[^\W\d_])[^\s\"»”]{{5,}})",
    re.IGNORECASE,
)
QUOTED_AFTER = re.compile(
    rf"(?<!\w)(?:{words.PASSWORD}){_FILL}(?:{_LINK})?{_S}"
    rf"[\"«“](?P<value>[^\"»”\n]{{3,60}})[\"»”]",
    re.IGNORECASE,
)
