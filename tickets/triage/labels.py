"""The words of a verdict, as readers of messages use them (the same words at the command and in the corpus)."""

from __future__ import annotations


class Kind:
    """What a message brings. Plain words: nothing here may need Django."""

    RECLAMO = "reclamo"
    QUEJA = "queja"
    PETICION = "peticion"
    INFORMACION = "solicitud_informacion"
    DENUNCIA = "denuncia"
    SEGUIMIENTO = "seguimiento"
    FELICITACION = "felicitacion"
    SUGERENCIA = "sugerencia"
    # Noise: nobody waits for an answer.
    NINGUNO = "ninguno"


class Urgency:
    ALTA = "alta"
    MEDIA = "media"
    BAJA = "baja"


#: Kinds of what asks for an answer, in the order in which a tie is settled: dearest neglect first.
KINDS = (
    Kind.DENUNCIA,
    Kind.RECLAMO,
    Kind.PETICION,
    Kind.QUEJA,
    Kind.SEGUIMIENTO,
    Kind.INFORMACION,
    Kind.SUGERENCIA,
    Kind.FELICITACION,
)
#: Every kind, noise too: one is chosen among all while learning.
ALL_KINDS = (*KINDS, Kind.NINGUNO)
URGENCIES = (Urgency.ALTA, Urgency.MEDIA, Urgency.BAJA)

#: What the model weighs, one lane each.
LANES = ("service", "abusive", "threat", *KINDS, *URGENCIES, Kind.NINGUNO)
LANE = {name: number for number, name in enumerate(LANES)}
