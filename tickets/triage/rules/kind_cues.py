"""Words that speak for a kind of request, by weight. Written by us, tried against real messages; data.

Folded: no accents, ñ as n. A "*" lets the word go on; "!" stands for "no", "nadie", "nunca", with
pronouns and auxiliaries after it ("!deja*": "no me deja", "nunca nos han dejado").
"""

from tickets.triage.labels import Kind
from tickets.triage.rules.wording import cues

#: A right over one's own data: a kind of the product that LABELS does not name.
HABEAS_DATA = "habeas_data"

CUES: dict[str, dict[float, tuple[str, ...]]] = {
    Kind.RECLAMO: {
        4: cues(
            """
            !reconoz*|!reconoc*|!autoric*|!autoriz*|!hice|!realic*|!pedi|!solicit*|!contrat*|!devolv*
            !devuelv*|!devuelto|!pag*|!abon*|!entreg*|cargo no*|cargos no*|donde esta mi*
            donde estan mis|compra no*|compras no*|pago no*|compras que no*|pago no reconocido
            cobro indebido|cobros indebidos|doble cobro|cobro doble|cobraron dos veces|cobraron doble
            me cobraron|me estan cobrando|me cobran|nos cobraron|cobrando algo|siguen cobrando
            sigue cobrando|cobro ilegal|me debitaron|me descontaron|me desconto|sin mi autorizacion
            sin mi consentimiento|sin autorizacion|que no hice|que yo no hice|que no pedi
            que no solicite|que no contrate|me robaron|nos robaron|me clonaron|clonaron|nos clonaron
            me hackearon|me vaciaron|me estafaron|me estan estafando|devuelvan|devuelvanme|devolverme
            devuelva*|devolucion|reembols*|mi equipaje|mi maleta|mis maletas|equipaje perdido
            perdieron mi*|maleta rota|maleta danada|vuelo cancelado|cancelaron mi vuelo
            cancelaron el vuelo|overbooking|perdi mi vuelo por|cajero no*|se trago mi*
            se quedo con mi tarjeta|sin servicio|sin internet|sin senal|sin luz|sin datos|sin linea
            tarjeta clonada
            """
        ),
        3: cues(
            """
            !funcion*|!sirve|!abr*|!carg*|!dej*|!permit*|!ingres*|!entr*|!acced*|!usar|!retir*|!transf*
            !lleg*|!aparec*|!acept*|!encuentr*|!reconoce|!reflej*|!sale*|!salio|!recib*|!proces*
            !descarg*|!conect*|!muestr*|!consult*|!activ*|!disponible*|!soport*|!hacer|!subir|!ver
            !compr*|!reserv*|!cambiar*|!actualiz*|tengo un problema|error puntual|en mantenimiento
            fuera de servicio|tengo problemas|un inconveniente|sigo sin poder|ya no puedo|imposible
            me sale error|genera error|da error|marca error|arroja error|me aparece error|error en
            error al|errores de|se cayo|se cae|caida la|app caida|esta caid*|estan caid*|caida del*
            falla*|fallo*|se bloquea|me bloquearon|bloquearon|bloqueada|bloqueado|bloqueadas|inhabilit*
            invalid*|cancelaron mi|me quitaron|me cambiaron|cambiaron el plazo|me rechaz*|rechazad*
            nunca llego|aun no llega|desaparecio|perdid*|mal cobro|mal cargo|cobros|cobro|aclaracion
            mi dinero|mi plata|mi pago|problema con|problemas con|siguen sin resolver|sin resolver
            retraso de|retrasado|ninguna informacion sobre mi|vino danad*|llego danad*|danado|defectuos*
            incompleto|equivocad*|mal facturad*|me facturaron|factura alta|no corresponde
            """
        ),
    },
    Kind.QUEJA: {
        4: cues(
            """
            !contest*|!respond*|!respuesta|!atiend*|!atend*|!ayud*|!resuelv*|!resolv*|!resuelto
            !solucion*|!cumpl*|!escuch*|!inform*|!avis*|!dan|!da|!dar|!respet*|!import*|!recomiend*
            !explic*|!hay respuesta|!hay solucion|!tuve solucion|!tuve respuesta|!tengo respuesta
            !obtengo|ninguna respuesta|ninguna solucion|sin respuesta|sin solucion|a la espera|hostig*
            acosador*|terrible*|fiasco|odio|no dejan de|llamadas por semana|llamadas diarias
            veces en dos horas|todos los dias lo mismo|siempre lo mismo|pesim*|mal servicio
            mala atencion|mal trato|maltrat*|pesimo servicio|servicio de mierda|horrible*|deplorable*
            nefast*|asco|asquero*|verguenz*|vergonz*|inept*|incompetent*|groser*|irrespet*|maleducad*
            malaeducad*|burla*|nadie contesta|nadie responde|nadie atiende|nadie me atiende
            nadie me ayuda|nadie me responde|nadie me da|nadie me contesta|nunca contestan
            nunca responden|me cuelgan|me colgaron|cuelgan|colgaron|el peor|la peor|lo peor|peor banco
            peor servicio|peor aerolinea|mala experiencia|decepcion*|indign*|denigrante|inaceptable
            inadmisible|intolerable|desastre|desorden|negligen*|descar*|el colmo|que mal|muy mal|tan mal
            muy malo|muy mala|mal banco|me tienen hart*|hart*|cansad*|aburrid*|mamad*|que mamera|lento*
            lenta|lentitud|demorad*|demasiado tiempo|tardan|tarda|tardio|tardanza|una hora|dos horas
            en espera|esperando en|fila|filas|la cola|dejen de joder|no dejan de llamar
            no paran de llamar|llaman a toda*|llamadas de acoso|acoso|me marean|de agente en agente
            me pasan de|me transfieren|se lavan las manos|gracias por nada|de nada sirve
            no sirven para nada|no sirve para nada|no sirven de nada|hasta cuando|como es posible
            es increible|que falta de*|falta de respeto|falta de seriedad|poca seriedad|me negaron
            se niegan|se negaron|me choca|me gritaron|mala gente|me obligan|te obligan
            me tienen esperando|me ignoran|letra pequena|que descaro|ineficien*|deficiente*|incumpl*
            me marcan|nos marcan|preguntando por|preguntan por|siguen marcando|siguen llamando|llamandome|no paran de
            desde cuando|ya no aceptan|ya no hay|me siento|super fake|da risa|dan risa|risa|que tristeza
            """
        ),
        2.5: cues(
            """
            peor|molest*|enoj*|furios*|lastima|ladron*|rateros|mentir*|engan*|basura|mierda|porqueria
            estupid*|idiot*|tonta|tonto|joder*|jod*|ching*|pinche|maldit*|cabron*|hijue*|malparid*
            gonorrea|hp|alv|burocra*|cambiar de banco|cambiarme|me voy|mejor banco en otro|chiste
            ridicul*|absurd*|fatal|insegur*|descont*
            """
        ),
        2: cues(
            """
            mal|malo|mala|malos|malas|triste|atencion|servicio al cliente|trato|esper*|llevo|horas
            minutos|llamada*|llaman|colg*|contest*|telefono|nadie|nunca|siempre|jamas|otra vez|de nuevo
            regular*|jaja*|increible|vaya|poca|ningun*
            """
        ),
    },
    Kind.PETICION: {
        5: cues(
            """
            solicito|les solicito|solicitamos|necesito que|requiero que|quiero que|quisiera que|les pido
            le pido|pido que|pido el favor|dejen de llamar*|dejen de marcar|no me llamen|ayudenme
            ayudeme|me ayudan|me pueden ayudar|me puede ayudar|me podrian ayudar|podrian ayudarme
            puede ayudarme|pueden ayudarme|me apoyan|me colaboran|me pueden colaborar|por favor ayud*
            favor ayudar*|favor desbloque*|favor envi*|favor cancel*|favor revis*|por favor envi*
            por favor cancel*|por favor desbloque*|por favor llam*|me pueden llamar|pueden llamarme
            podrian llamarme|me pueden enviar|me podrian enviar|podrian enviarme|pueden enviarme
            podria seguirme|me siguen|siganme|me pueden seguir|me pueden escribir|podrian escribirme
            escribanme|llamenme|contactenme|quiero cancelar|necesito cancelar|deseo cancelar
            quiero dar de baja|darme de baja|darse de baja|anular|quiero cambiar|necesito cambiar
            deseo cambiar|quiero actualizar|necesito actualizar|necesito desbloquear|desbloquear mi*
            paz y salvo|certificado*|certificacion|constancia|extracto*|copia de|duplicado|reexped*
            reestructur*|refinanci*|ampliacion de plazo|no recuerda la clave|olvide mi clave
            olvide la clave|olvide mi contrasena|portabilidad|dar de baja|derecho de peticion
            """
        ),
        2: cues(
            """
            necesito|requiero|solicito|solicitamos|quiero|quisiera|por favor|favor|porfa*|ayuda|apoyo
            agradeceria
            """
        ),
    },
    Kind.INFORMACION: {
        5: cues(
            """
            como puedo|como hago|como se hace|como podria|como se puede|como consigo|como obtengo
            como activo|como solicito|como cambio|como funciona|como puede|donde puedo|donde se
            donde esta|donde escribo|donde queda|en donde|a donde|por donde|que necesito|que se necesita
            que requisitos|cuales son los|cual es el|cual es la|que debo|que documentos|que papeles
            que opcion|que sucursal|que horario|horario*|a que hora|a que numero|que numero
            cuanto cuesta|cuanto vale|cuanto cobra*|cuanto me cobra|cuanto se demora|cuanto tarda
            cuanto tiempo|cuanto es|quisiera saber|quiero saber|me gustaria saber|necesito saber
            deseo saber|queria saber|quisiera consultar|una consulta|una pregunta|una duda|consulta*
            pregunta|tengo una duda|me pueden informar|me podrian informar|me puede informar|me informen
            informen|podrian darme informacion|darme informacion|mas informacion|me indican
            me pueden indicar|me podrian indicar|me pueden decir|me podrian decir|me puede decir
            pueden decirme|saber si|hay modo|hay manera|hay forma|existe la posibilidad|seria posible
            es posible que me|puedo hacer|puedo pagar|puedo usar|puedo llevar|puedo viajar
            tienen servicio|tienen algun*|tienen los|tienen las|hay inconvenientes|hay problemas
            cuando abren|cuando abre|cuando estara|cuando sale|a partir de cuando|desde cuando puedo
            que pasa aca|que es|por que medio|para abrir|para contratar|para sacar|para solicitar
            condiciones para|requisitos|es verdad que|es cierto que|confirmenme|me confirman
            pueden confirmar|alguien sabe|saben si|sabe si|saben cuando|sabeis si|cambiaron el sistema
            """
        ),
    },
    Kind.DENUNCIA: {
        6: cues(
            """
            phishing|smishing|suplant*|haciendose pasar|como si fueran ustedes|en nombre suyo
            en nombre de ustedes|a nombre de ustedes|impostura|impostor*|se hacen pasar|se hace pasar
            hacerse pasar|haciendo pasar|estan llamando|queriendo hacer fraude|intento de fraude
            intento de estafa|intentaron estaf*|intentaron rob*|quieren estafar|quisieron estafar
            para hacer fraude*|correo sospechoso|mensaje sospechoso|llamada sospechosa|sms sospechoso
            link sospechoso|enlace sospechoso|numero sospechoso|sospechos*|pagina falsa|perfil falso
            cuenta falsa|correo falso|mensaje falso|sms falso|falsa cuenta|es falso|es falsa|falsos
            cuidado|tengan cuidado|tened cuidado|ojo con|me llego este msj|me llego este mensaje
            me llego este correo|me llego este sms|llego este|este mensaje es|este correo es
            este numero es|es de ustedes|son ustedes|es real|es confiable|es seguro este
            me pidieron la clave|me piden la clave|pidiendo datos|piden datos|estafador*|linea etica
            soborno|corrup*|denuncio|quiero denunciar|denunciar una|denunciar a un*|vishing
            ciberdelincuen*|delincuentes
            """
        ),
        2: cues("fraude*|fraudulent*|estafa*|falso|falsa|denunci*"),
    },
    HABEAS_DATA: {
        7: cues(
            """
            habeas data|ley 1581|ley 1266|proteccion de datos|tratamiento de datos
            tratamiento de mis datos|rgpd|lopd|lfpdppp|derechos arco|derecho al olvido|borren mis datos
            borrar mis datos|eliminen mis datos|eliminar mis datos|eliminar mi informacion
            borren mi informacion|supresion de datos|supresion de mis datos|actualizar mis datos
            rectificar mis datos|rectificacion de datos|corregir mis datos|revoco la autorizacion
            revocar la autorizacion|bajenme de su base|saquenme de su base|sacar mi numero
            borren mi numero|eliminen mi numero|base de datos|reporte en centrales
            reportado en centrales|centrales de riesgo|reporte negativo|datacredito|data credito|cifin
            transunion|buro de credito|me reportaron|estoy reportado|reportada en|vendieron mis datos
            venden mis datos|uso de mis datos|compartieron mis datos
            """
        ),
        3: cues("mis datos personales|datos personales|mis datos"),
    },
    Kind.SUGERENCIA: {
        5: cues(
            """
            sugiero|sugerencia*|les sugiero|sugeriria|propongo|propuesta|seria bueno|seria ideal
            seria genial|seria excelente|seria chevere|seria util|estaria bien|estaria bueno
            estaria genial|estaria chevere|seria mejor si|ojala pusieran|ojala agreg*|ojala implement*
            podrian agregar|podrian incluir|podrian implementar|podrian mejorar|podrian poner
            deberian agregar|deberian incluir|deberian implementar|deberian poner|deberian mejorar
            deberian permitir|les recomiendo|recomiendo que|por que no ponen|por que no agregan
            idea para|una idea|me gustaria que|mejorar sus|mejoren sus|mejoren la|mejoren el|trabajen en
            como mejora|como recomendacion
            """
        ),
        2: cues("deberian|debieran|ojala|mejorar|mejoren"),
    },
    Kind.FELICITACION: {
        5: cues(
            """
            felicit*|enhorabuena|excelente servicio|excelente atencion|buen servicio|buena atencion
            gran servicio|muy buen*|mejor banco|mejor aerolinea|me encanta*|maravill*|un lujo|10 10
            de 10|impecable|agradecid*|muy amable*|muy contento*|muy contenta*|feliz con|encantad*
            buenisim*|excelentes|los tkm|los amo|los adoro|gracias por su ayuda|gracias por la ayuda
            gracias por su atencion|gracias por todo|gracias por solucionar|gracias por resolver
            gracias por ayudar*|lo recomiendo|la recomiendo|los recomiendo|recomendable|recomendad*
            ya pude|ya me solucionaron|ya me resolvieron|ya quedo solucionado|problema solucionado
            chapeau|bravo|aplausos|genial
            """
        ),
        2: cues("excelente|perfecto|super bien"),
    },
}

#: What complaints are about: with a complaint they make a claim of it, without one they say nothing.
TOPICS = cues(
    """
    cobr*|comision|comisiones|intereses|cuota de manejo|cargo|cargos|debito|cajero*|transferencia*
    deposit*|retir*|error|bloque*|app|aplicacion|pagina|sistema|plataforma|sucursal virtual|tarjeta
    tarjetas|cuenta|saldo|factura|equipaje|maleta*|vuelo|reserva|internet|senal|solucion*|resolver
    resuelv*|reclamo|reclamacion|robo*|rob*|estaf*|deuda|seguro|promocion*|promo|estado de cuenta
    estados de cuenta|credito|dinero|plata|ahorros|pago|pagos
    """
)
TOPIC_WEIGHT = 1.5

#: Thanks alone: praise in a few words, manners in many.
THANKS = cues("gracias|thanks|agradezco|agradecemos")
THANKS_WEIGHT = 2.5
FEW_WORDS = 10

#: Words that ask when there is a question mark.
ASKING = cues(
    "como|donde|cuando|cuanto|cuantos|cual|cuales|que|quien|informacion|saber|pueden|podrian|puedo|tienen|hay"
)
ASKING_WEIGHT = 1.5
