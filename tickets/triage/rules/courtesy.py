"""A bare "gracias", "listo", 👍 or "ya se los mandé": shown, but it opens, reopens and starts nothing. Pure.

Strict on purpose: every word must be one of courtesy, or the message is heard as any other.
"""

from tickets.triage.rules.wording import Wording, sound

MAX_WORDS = 14


def _sounds(words: str) -> frozenset[str]:
    return frozenset(map(sound, words.split()))


#: One of these makes it a courtesy…
_CORE = _sounds(
    """
    gracias grax grcs thanks thank thx agradezco agradecemos agradecido agradecida listo lista listos ok
    okay okey oki okis vale dale perfecto entendido enterado enterada recibido hecho resuelto
    solucionado solucionada mande mandamos envie enviamos escribi escribimos escribo respondi
    respondimos amable amables bendiciones
    """
)
#: …and these may stand beside it.
_BESIDE = _sounds(
    """
    muchas mil muchisimas infinitas igualmente tambien muy tan super bien bueno buena buenas buenos buen
    excelente genial de acuerdo ya esta quedo quedamos atento atenta atentos pendiente pendientes
    dia dias tarde tardes noche noches hola saludo saludos cordial feliz lindo linda bonito bonita si
    claro senor senora senores senorita por para la las el los lo le les se os te me mi su sus tu tus un
    una abrazo y a al en que tenga tengan ten todo todos toda ustedes usted vosotros ayuda atencion
    informacion info respuesta apoyo colaboracion pronta rapida gestion aclaracion confirmacion aclarar
    dm md dms inbox mensaje mensajes privado directo interno correo mail email datos solicitado
    solicitada enviado enviados enviada mandado mandados mandada escrito escrita respondido contestado
    he hemos pude pudo solucionar solucionaron solucione resolvieron resolvi resolver ayudaron ayudarme
    ayudar responder contestar escribir favor porfa con gusto ahi alli aqui hoy mismo fue es son estuvo
    amigo amiga amigos equipo dios bendiga thank you very much for the your help so all good done it s ^
    tkm entonces voy gracia
    """
)
_ALLOWED = _CORE | _BESIDE
_GLAD = frozenset("👍🙏👌✅🙌👏🤝💪😊😀😃😄😁🙂😉🥰😘❤💙💚💛🧡💜🤗☺✨🫶💯🫡🎉")
_CROSS = frozenset("😡🤬😠👎🙄😤😒🤦💩🖕😭😢🤮🤡😑🤨🤷❌⚠❓")


def is_courtesy(text: str, words: Wording) -> bool:
    """Tell whether a message only thanks, confirms or closes: no question, no word that says more."""
    if not _CROSS.isdisjoint(text):
        return False
    if not words.written:
        return not _GLAD.isdisjoint(text)
    if len(words.written) > MAX_WORDS:
        return False
    # A greeting with a smile is no courtesy: somebody is about to ask.
    return _ALLOWED.issuperset(words.sounds) and not _CORE.isdisjoint(words.sounds)
