"""Names people call companies by, wherever Spanish is spoken: to tell a company's handle from a person's. Data.

Pieces of a folded handle or word, matched anywhere or from its beginning: big names of banks, airlines, telephones,
power and water, shops, transport, insurance, and words companies put in handles.
"""

import re

from helpdesk.text import fold

_ANYWHERE = """
banco bank bbva banamex banorte santander scotiabank hsbc citi davivienda bancolombia caixa bankia sabadell
airline airways aerolinea telecom movistar seguros atencion ayuda soporte cliente servicio responde contacto oficial
energia electric banc air aero jet fibra telco luz vuela caja coop financ credit wallet giros envios paqueteria
mensajeria help care support pay equipaje escucha contigo tele servicio
"""
_AT_START = """
ing_ ing bankinter unicaja abanca kutxa ibercaja openbank evo n26 revolut wizink cetelem cofidis bancomer banregio
inbursa azteca compartamos nubank nu_ nuc nequi daviplata colpatria avvillas occidente popular cajasocial falabella
pichincha bancoppel coppel itau bci bice estado interbank bcp mibanco macro galicia brubank uala mercadopago
mercadolibre naranja rappi didi uber cabify bolt glovo pedidosya ifood iberia vueling ryanair aireuropa air_ volotea
easyjet binter wizz norwegian lufthansa klm airfrance avianca latam wingo satena viva vivaair vivaaerobus volaris
aeromexico interjet copa sky jetsmart aerolineas flybondi tame plusultra level jetblue spirit united delta american
telcel telmex att claro tigo wom entel bitel vodafone orange yoigo masmovil jazztel pepephone simyo digi euskaltel izzi
totalplay megacable sky dish directv etb personal telecentro fibertel cantv digitel digicel cnt altice cfe enel
endesa iberdrola naturgy repsol holaluz codensa epm chec emcali gas vanti edenor edesur aysa canal aguas acueducto
sedapal luzdelsur renfe metro alsa adif correos seur dhl fedex estafeta servientrega interrapidisimo deprisa coordinadora
amazon zara mango elcorteingles corteingles carrefour mercadona lidl alcampo ikea decathlon mediamarkt pccomponentes
exito alkosto ktronix homecenter sodimac liverpool walmart soriana chedraui oxxo elektra sears ripley paris tottus
plazavea jumbo easy cinepolis cinemex ticketmaster sura mapfre axa allianz zurich sanitas adeslas asisa mutua axacol
compensar colsanitas famisanar nuevaeps eps imss issste infonavit colpensiones porvenir proteccion afp netflix disney
hbo paypal visa mastercard
"""
_START = tuple(sorted({word for word in _AT_START.split() if len(word) > 3}))
_SHORT = frozenset(word.strip("_") for word in _AT_START.split() if len(word.strip("_")) <= 4)
_INSIDE = tuple(_ANYWHERE.split())
# Endings that official handles have: country, care.
_ENDING = re.compile(
    r"(?:_|\b|\d)?(?:mx|co|es|cl|pe|ar|ec|esp|col|mex|peru|chile|latam|help|care|oficial|online)$"
)
_COUNTRY = re.compile(
    r"[a-z](?:MX|CO|ES|CL|PE|AR|EC|UY|PA|CR|GT|DO|BO|Mx|Col|Mex|Peru|Chile|Esp|Arg|Ec|Pe|Cl)$"
)
# A person whose handle was masked, or who never chose one.
_MASKED = re.compile(r"u[0-9a-f]{8,}|user\d*|usuario\w*|\w+\d{4,}")


def is_brand(written: str) -> bool:
    """Tell whether a handle, as written, looks like a company's. For sure only the caller knows its own."""
    handle = fold(written)
    if _MASKED.fullmatch(handle):
        return False
    if _COUNTRY.search(written):
        return True
    plain = handle.replace("_", "")
    if plain.startswith(_START) or handle.split("_")[0] in _SHORT or plain in _SHORT:
        return True
    return any(piece in plain for piece in _INSIDE) or ("_" in handle and bool(_ENDING.search(handle)))


_AUTHORITIES = (
    "condusef", "profeco", "banxico", "superfinanciera", "superfin", "sicsuper", "sic_", "indecopi", "osiptel", "sernac",
    "subtel", "cmf", "sbs", "aesa", "omic", "facua", "ocu", "defensor", "enacom", "bcra", "supersalud", "supertransporte",
    "superservicios", "supervigila", "crc", "arcotel", "bancodeespana", "consumo", "atencionprofeco", "fiscalia", "procuraduria",
    "sfc", "aerocivil", "ift", "cnbv", "sudeban", "mincit", "kontsumo", "cnmc",
)  # fmt: skip


def is_authority(written: str) -> bool:
    """Tell whether a handle is of who watches over companies, or defends their customers."""
    return fold(written).startswith(_AUTHORITIES)


def is_brand_word(word: str) -> bool:
    """Tell whether a folded plain word names a company."""
    return (word.startswith(_BIG) or word in _BIG_SHORT) if len(word) > 2 else False


#: Companies that do not exist: those our corpus is written about.
_INVENTED = (
    "maguey", "bancomaguey", "lapacho", "colibri", "tumi", "bancodelvalle", "frailejon", "alisios", "volanta", "quetzalia",
    "aeroparamo", "chasqui", "lowwings", "tramontana", "araucana", "pampera", "pitaya", "telenorte", "guayacan",
    "luzaustral", "copihue", "lukita", "chaucha", "guaca", "norwings",
)  # fmt: skip
_BIG = tuple(
    sorted(
        {*_INVENTED, *_INSIDE[2:14], *(word for word in _START if len(word) > 5)}
        - {
            "estado",
            "popular",
            "personal",
            "proteccion",
            "correos",
            "occidente",
            "naranja",
            "american",
            "compensar",
        }
        - {"united", "galicia", "spirit", "coordinadora"}
    )
)
_BIG_SHORT = frozenset(
    ["ing", "bcp", "iberia", "avianca", "tigo", "wom", "telcel", "cfe", "epm", "itau", "nequi"]
)
