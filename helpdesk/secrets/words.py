"""How customers name their secrets, in Spanish and English: data for `cutting`. Patterns ignore case."""

#: A text with none of these (lower case) names no secret. Kept short: each is one substring search.
HINTS = (
    "clave", "contra", "pass", "pwd", "pin", "nip", "cv", "c.v", "c v", "cs", "token", "otp", "digo", "code",
    "atr", "reverso",
)  # fmt: skip

#: The three or four digits on the back of a card.
CARD_CODE = (
    r"c\.?\s?v\.?\s?[vc2n]\.?\s?2?|csc|c[oó]d(?:igo|\.)?\s(?:de\s)?(?:seguridad|cvv|cvc)|(?:card\s)?security\scode"
    r"|(?:los\s)?(?:tres|3)\s(?:n[uú]meros|d[ií]gitos|numeritos)\s(?:de\satr[aá]s|del?\sreverso|de\sseguridad)"
)

#: Codes of one use, and numbers typed at a till.
ONE_USE = (
    r"pin|nip|otp|token|passcode"
    r"|c[oó]d(?:igo|\.)?\s(?:(?:de|por|del)\s)?(?:verificaci[oó]n|acceso|activaci[oó]n"
    r"|confirmaci[oó]n(?=\D{0,20}\d{4,8}(?!\w))"
    r"|autorizaci[oó]n|validaci[oó]n|ingreso|sms|mensaje|token|otp)"
    r"|(?:verification|access|confirmation|one[\s-]time)\s(?:code|password)"
    r"|c[oó]d(?:igo|e)?(?=\s(?:que|q|k|this|i)\s)"
    r"|(?:lleg[oó]|enviaron|mandaron|envi[oó]|mand[oó]|dieron|dio|dictaron|recib[ií])\s(?:el|un|este|al?\s\w+\sel)"
    r"\sc[oó]digo"
)

#: Passwords. "Clave" also names harmless things, which do not count.
PASSWORD = (
    r"clave(?!s?\s(?:(?:de|del)\s)?(?:rastreo|interbancaria|bancaria|reserva\w*|elector|catastral|cliente|producto"
    r"|sat|presupuestal|identificativa|[uú]nica|curp|localizador|pedido|gu[ií]a|env[ií]o|referencia))s?"
    r"|contra\s?[sc]e(?:ñ|n\u0303|ni?|ny)as?|passwords?|passwd|passw|pwd|pass(?=\s?(?:[:=]|es\s|is\s))"
)

#: Words that may stand between the name of a secret and its value ("la clave de mi tarjeta débito 4321").
BETWEEN = (
    r"de|del|la|las|el|los|mi|mis|su|tu|my|the|of|for|al|a|para|por|en|que|q|k|y|app|aplicaci[oó]n|banca|tarjeta|visa"
    r"|mastercard|card|cuenta|account|ahorros?|corriente|cajero|atm|banco|d[eé]bito|cr[eé]dito|correo|email|mail|usuario"
    r"|virtual|din[aá]mica|principal|segunda|primera|nuev[ao]|actual|vieja|anterior|temporal|transaccional|internet"
    r"|sucursal|portal|acceso|ingreso|ingresar|entrar|entrada|web|p[aá]gina|m[oó]vil|digital|verificaci[oó]n|seguridad"
    r"|tengo|ten[ií]a|uso|usaba|us[eé]|puse|puso|registr[eé]|registrada|me|le|les|di|dieron|dio|dictaron|lleg[oó]"
    r"|llega|envi[oó]|enviaron|envi[eé]|mandaron|mand[oó]|mand[eé]|sali[oó]|aparece|aparec[ií]o|asignaron|recib[ií]|hoy|ahora"
    r"|sms|mensaje|texto|whatsapp|token|otp|pin|clave|c[oó]digo|n[uú]mero|n[uú]m|no\.|nro\.?|ser[ií]a|tarjetas?|recibido"
    r"|reci[eé]n|sent|got|received|i|you|\d\s(?:d[ií]gitos|n[uú]meros|digits)"
)

#: What follows a password's name when no password follows ("mi clave es incorrecta", "contraseña: no abre").
_COMMON = """
no que qué el la los las lo un una unos unas mi mis tu su sus me te se le les ya y o u e a al ante con de
del desde en entre es era está estaba esta este esto ese esa eso fue han ha he hay hace por para pero porque
pues si sí sin sobre solo sólo siempre tal también tan tanto todo toda todos todas muy más mas menos nada
nadie nunca ni nos otra otro como cómo cual cuál cuando cuándo donde dónde quien quién cualquiera algo
alguien así aún aun igual misma mismo correcta correcto incorrecta incorrecto inválida invalida válida
valida errónea erronea equivocada mala buena nueva vieja segura insegura débil debil fácil facil difícil
dificil imposible necesaria necesario obligatoria personal privada secreta confidencial intransferible única
unica diferente distinta larga corta bloqueada desbloqueada vencida caducada expirada dinámica dinamica
virtual temporal olvidada perdida robada clonada requerida rechazada error errada mentira verdad falso
cierto vital importante fundamental esencial atender atención servicio escuchar cambiar cambiarla recuperar
recuperarla olvidé olvide bloqueé bloquee puedo puede pude quiero necesito tengo tener the not is was it my
your an and or but that this wrong right correct incorrect invalid blocked expired required clave claves
contraseña contraseñas contrasena password pin nip token otp código codigo cvv cvc gracias ayuda favor porfa
urgente ayer hoy mañana banco tarjeta cuenta app usuario demasiado bastante super súper poco compleja
complicada sencilla simple viejísimo obligatorio requisito solamente únicamente justo justamente aquella
aquel mío mía tuya suya
"""
NO_VALUE = frozenset(_COMMON.split())

#: Keys of a network's payload that hold what a person wrote, and those that hold ids, addresses and codes.
FREE_TEXT_KEYS = (
    r"(?:.*_)?(?:text|message|name|description|title|subtitle|caption|snippet|note|body|content|subject|comment|story"
    r"|bio|location|summary|reason|question|answer|reply)"
)
EXACT_KEYS = (
    r"(?:.*_)?(?:id|ids|mid|str|url|urls|uri|link|href|src|token|cursor|cursors|at|time|timestamp|hash|sha\d*|key|type"
    r"|lang|locale|username|screen_name|handle|etag|nonce|signature|email|code|verb|item|object|field|range|indices)"
)
