"""Words cut to what stays the same in their forms: «cobraron», «cobro», «cobrado» are ``cobr``. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from helpdesk.text import fold

_DROPPED = re.compile(r"https?://\S+|[@＠#]\w+")
_WORD = re.compile(r"[a-z]*\d[a-z\d]*|[a-z]{2,}")
_ENDINGS = sorted(
    """
    aciones acion iciones icion amiento imiento amientos imientos adores adoras ador adora idores idor
    aron ieron eron aban abas aba ian ias ia ando iendo yendo ados adas ado ada idos idas ido ida
    aremos eremos iremos aran eran iran aria eria iria amos emos imos ar er ir arse erse irse arme erme irme
    arlo erlo irlo arla erla irla aste iste asen iesen isima isimo mente ables able ibles ible
    es os as an en on o a e i s
    """.split(),  # noqa: SIM905
    key=len,
    reverse=True,
)
_SHORTEST = 3
# Words that say nothing about what happened.
STOP = frozenset(
    """
    de la el los las un una unos unas y o u e en al del a con por para que se me te le lo les nos su sus mi mis
    es son era fue ser estar esta este esto estos estas ese esa eso hay ya muy mas pero si como cuando donde
    quien cual porque pues tambien solo desde hasta sobre entre hoy ayer ahora siempre algo todo toda todos
    todas otro otra ha han he hemos habia haber tengo tiene tienen tener va van voy vez cada hola buenas buenos
    dias tardes noches gracias favor senores ustedes usted ud yo tu ellos ella uds ni the jaja ja xq q pq
    """.split()  # noqa: SIM905
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The unchanging beginning of a folded Spanish word, three letters at least; figures stay whole."""
    if len(word) <= _SHORTEST or any(letter.isdigit() for letter in word):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def words_of(text: str) -> list[str]:
    """Folded words without mentions and links, in order. «no» stays: it turns what follows."""
    return [word for word in _WORD.findall(_DROPPED.sub(" ", fold(text))) if word not in STOP]


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text, each once, in order."""
    return tuple(dict.fromkeys(stem(word) for word in words_of(text)))
