"""The stems of words, where typification has always had them; articles need them too, so they live in ``helpdesk``."""

from helpdesk.stems import STOP, stem, stems_of, words_of

__all__ = ["STOP", "stem", "stems_of", "words_of"]
