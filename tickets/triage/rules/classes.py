"""Classes of words: what a message is about, whatever the word. Two classes together say more than any phrase. Data.

Folded: no accents, ñ as n. A "*" lets the word go on; "!" stands for a denial before it.
"""

from tickets.triage.rules.wording import cues

CLASSES: dict[str, tuple[str, ...]] = {
    # What money does when it goes wrong.
    "cobro": cues(
        """
        cobr*|descont*|descuent*|debit*|cargo|cargos|cargaron|carga|factur*|comision*|anualidad*|cuota de manejo
        manejo de cuenta|mantenimiento de cuenta|membresia*|interes|intereses|penalizacion*|recargo*|mora|tarifa*|tasas
        seguro no*|cuota|cuotas|recibo|recibos|doble|duplic*|dos veces|de mas
        """
    ),
    "dinero": cues(
        """
        dinero|plata|lana|pasta|guita|efectivo|ahorro*|saldo|fondos|sueldo|salario|nomina|pension|mesada|quincena|deposit*
        transfer*|giro|consign*|retiro|retirar|abono|abonos|pago|pagos|pague|pagar|devolu*|reembols*|reintegr*|bonific*
        euros|pesos|soles|dolares|lucas|mil|millon*
        """
    ),
    "devolver": cues(
        "devolv*|devuelv*|devuelt*|reembols*|reintegr*|revers*|regres* mi|regresen|me deben|me debe|compens*|indemniz*"
    ),
    "acceso": cues(
        """
        entrar|ingres*|acced*|acceso|iniciar sesion|clave|contrasena|password|nip|pin|token|usuario|codigo|huella|rostro
        facial|biometr*|desbloque*|bloque*|activar|activacion|registr*|validar|verific*
        """
    ),
    "canal digital": cues(
        """
        app|apps|aplicacion*|aplicativo|pagina|web|portal|sitio|plataforma*|banca movil|banca en linea|sucursal virtual
        sistema|wallet|chatbot|bot|robot|servidor|actualizacion|wifi|internet|fibra|modem|router|senal|datos|linea
        """
    ),
    "producto": cues(
        """
        tarjeta*|cuenta*|credito*|prestamo*|hipoteca*|seguro*|poliza*|cupo|cheque*|cajero*|plan|contrato*|equipo|celular
        suministro|luz|agua|gas|medidor|contador|pedido|paquete|envio
        """
    ),
    "viaje": cues(
        """
        vuelo*|avion*|billete*|boleto*|pasaje*|tiquete*|reserva*|equipaje*|maleta*|valija*|embarqu*|abord*|check in|checkin
        asiento*|silla|escala|conexion|aeropuerto*|puerta|tripulacion|azafat*|piloto*|localizador|avios|millas|puntos
        """
    ),
    "falla": cues(
        """
        !funcion*|!sirv*|!abr*|!carg*|!dej*|!permit*|!entr*|!lleg*|!aparec*|!reflej*|!sal*|!acept*|!reconoc*|!conect*|!val*
        !encuentr*|!recib*|!hay servicio|!hay sistema|!hay luz|!hay senal|fall*|error|errores|se cae|se cayo|caid*
        se traba*|se cierra|se queda|se congel*|colgada|rechaz*|equivoc*|mal|danad*|rota|roto|averi*|intermit*|lenta|lento
        desaparec*|perdid*|perdi*|perdieron|cancelad*|cancelaron|retras*|demora*|demorad*|incomplet*|sin servicio|sin luz
        sin internet|sin senal|sin linea|problema*|inconveniente*|imposible|bloquearon|bloqueada|bloqueado|suspend*
        """
    ),
    "contacto": cues(
        """
        llam*|telefon*|contest*|respond*|respuesta*|atend*|atiend*|atencion|comunic*|linea de|call center|callcenter|colg*
        cuelg*|correo*|mail|mails|email|chat|mensaje*|dm|md|inbox|privado|interno|whatsapp|extension|opcion|grabacion*|musiquita
        """
    ),
    "gente": cues(
        """
        asesor*|ejecutiv*|gerent*|cajer a|cajera|operador*|funcionari*|emplead*|personal|vigilante|celador|guardia|senorita
        agente*|director*|subgerent*|tecnico*|supervisor*|encargad*|recepcion*|mostrador|ventanilla*|tripulacion|azafat*
        """
    ),
    "lugar": cues("sucursal*|oficina*|agencia*|tienda|modulo|taquilla|counter|sede|cajas|edificio|local"),
    "espera": cues(
        """
        esper*|fila|filas|cola|colas|turno*|hora|horas|minutos|dias|semanas|meses|ano|anos|tard*|demor*|lent*|nunca|todavia
        aun|hasta cuando|rato|eternidad|siglos|vueltas|llevo|llevamos|desde
        """
    ),
    "reprobar": cues(
        """
        pesim*|mal|malo|mala|malos|malas|malisim*|horrible*|terrible*|nefast*|deplorable*|lamentable*|penos*|vergonz*|verguenza
        asco|asquer*|basura|porqueria|mierda|desastr*|fatal|peor|patetic*|inutil*|inept*|incompet*|mediocre*|indign*|abus*
        burla*|descar*|tomadura|decepcion*|falta de respeto|colmo|inaceptable|intolerable|increible|absurd*|ridicul*|deficien*
        odio|detesto|hart*|cansad*|molest*|enoj*|furios*|mamad*|jodid*|chafa|trucho|cutre|rancio|berraquera|mamera|bronca
        groser*|maleduc*|irrespet*|engan*|mentir*|mienten|estaf*|robo|roban|ladron*|negligen*
        """
    ),
    "aprobar": cues(
        """
        excelente*|gracias|felicit*|enhorabuena|genial*|buenisim*|perfect*|maravill*|encant*|satisfech*|content*|feliz|amable*
        recomiendo|recomend*|crack*|impecable|rapid*|facil*|bien|buen|buena|mejor|lujo|chevere|bacan*|padre|chido|joya|capos
        bendicion*|agradec*|estrellas|diez
        """
    ),
    "preguntar": cues(
        """
        como|cuando|donde|cuanto|cuanta|cuantos|cuantas|cual|cuales|quien|que|por que|puedo|se puede|podria|hay|tienen|teneis
        existe|saber|consulta*|duda*|pregunt*|informacion|informar*|orient*|indicar*|requisito*|horario*
        """
    ),
    "pedir": cues(
        """
        necesito|necesitamos|quiero|quisiera|solicit*|requiero|por favor|porfa*|favor|pido|exijo|ayud*|apoy*|colabor*|manden
        envien|mandenme|envienme|llamenme|escribanme|cancelen|den de baja|quiten|cambien|pongan|instalen|agenden|revisen
        """
    ),
    "enviado": cues(
        """
        mande|envie|escribi|respondi|conteste|adjunt*|comparti|complete|diligencie|llene|hice|hable|llame|fui|reinicie|borre
        reinstale|probe|intente|cambie|ya|dijeron|dijo|indicaron|comentaron|respondieron|contestaron|explique|comente
        """
    ),
    "caso": cues(
        "caso|casos|folio*|radicado*|ticket|expediente|reclamo|reclamacion*|queja|solicitud*|tramite*|aclaracion*|reporte|pqr*|incidencia*|gestion"
    ),
    "fraude": cues(
        """
        fraud*|estaf*|phishing|suplant*|clon*|hack*|robar*|robaron|falso*|falsa*|trucho*|sospechos*|enganos*|vishing|smishing
        haciendose|se hacen pasar|datos personales|delincuent*|cuento|link|enlace|denunci*
        """
    ),
    "vender": cues(
        "ofrec*|oferta*|vend*|publicidad|spam|insist*|promocion*|promo|promos|propaganda|quieren que|acos*|hostig*"
    ),
    "proponer": cues(
        "deberian|debieran|sugier*|sugerencia|propongo|podrian poner|estaria bien|estaria bueno|seria bueno|ojala|mejoren|mejorar|agreguen|idea"
    ),
    "irse": cues(
        "cambiar*|cambio de|otro banco|competencia|me voy|irme|baja|cerrar|cancelar|cancelare|portab*|adios"
    ),
    "tercero": cues(
        """
        ellos|gobierno|presidente|ministro*|pais|mexico|colombia|espana|politic*|economia|mercado*|empresa*|sector|clientes
        usuarios|gente|todos|dicen|segun|historia|noticia*|huelga|sindicat*|pasajero*|analistas|concierto|preventa|boletos
        """
    ),
    # Whom the state or a party is spoken of: politics is nobody's case.
    "politica": cues(
        """
        politic*|presidente|presidenta|expresidente|gobierno*|senador*|senado|diputad*|congresista*|congreso|alcald*|ministr*
        gobernador*|partido|partidos|izquierda*|fachas|fascist*|comunis*|socialis*|neoliberal*|chair*|fifi*
        morena|prian|priista*|panista*|podemita*|uribist*|petrist*|peronis*|kirchner*|macrist*|chavis*|correis*|fujimor*
        eleccion*|votar|voten|votos|electoral*|campana electoral|dictad*|regimen|nacion|patria|patri*|pueblo|soberan*
        fobaproa|oligarc*|elite*|banqueros|capitalis*|impuesto*|evasion|evasores|hacienda publica|lavado de dinero|blanqueo
        corrupcion|corrupt*|guerrilla|paramilitar*|narco*|independentis*|catal*|rescate bancario|rescatados
        """
    ),
    # Where a person lives or a branch stands: alone, it answers an adviser.
    "ciudad": cues(
        """
        bogota|medellin|cali|barranquilla|cartagena|cucuta|bucaramanga|pereira|manizales|armenia|ibague|neiva|pasto|popayan
        villavicencio|monteria|sincelejo|valledupar|santa marta|riohacha|tunja|yopal|soacha|itagui|envigado|bello|palmira
        antioquia|cundinamarca|atlantico|santander|boyaca|tolima|huila|narino|cauca|magdalena|guajira|meta|caldas|quindio
        risaralda|casanare|cordoba|norte de santander|cdmx|ciudad de mexico|guadalajara|monterrey|puebla|tijuana|leon|juarez
        merida|cancun|queretaro|toluca|hermosillo|culiacan|saltillo|torreon|chihuahua|veracruz|oaxaca|morelia|acapulco
        aguascalientes|tampico|mazatlan|jalisco|michoacan|guanajuato|sonora|sinaloa|yucatan|tabasco|chiapas|coahuila
        nuevo leon|tamaulipas|edomex|estado de mexico|madrid|barcelona|valencia|sevilla|zaragoza|malaga|murcia|palma|bilbao
        alicante|valladolid|vigo|gijon|granada|oviedo|tenerife|las palmas|lima|arequipa|trujillo|chiclayo|piura|cusco
        quito|guayaquil|cuenca|ambato|santiago|valparaiso|concepcion|temuco|antofagasta|buenos aires|rosario|mendoza|salta
        la plata|tucuman|montevideo|asuncion|la paz|cochabamba|santa cruz|panama|san jose|guatemala|caracas|maracaibo
        """
    ),
    # Calls nobody asked for: treatment, not a failure.
    "llamar de mas": cues(
        """
        me llaman|nos llaman|llaman todo*|llaman diario|llaman a diario|llaman cada|llaman para|llaman a toda*|llamandome
        me marcan|nos marcan|marcan diario|marcan a|marcan para|marcando|marcar a mi|siguen llamando|siguen marcando
        dejen de llamar*|dejen de marcar*|dejen de molestar*|no paran de|no dejan de|preguntan por|preguntando por
        buscan a|buscando a|dejad de llamar*|dejar de llamar*|llamadas diarias|llamadas al dia|llamadas de ventas
        llamadas para|tanta llamada|tantas llamadas|a cualquier hora|despertar*|numero equivocado
        """
    ),
    # What the company decided for all: rules, prices, branches.
    "regla": cues(
        """
        politica de*|politicas|norma|normas|requisito*|obligatori*|obligan|obliga|exigen|piden|cierran|cerraron|cerrada
        cerradas|ya no aceptan|ya no hay|ya no dan|ya no se puede|quitaron|eliminaron|subieron|suben|cambiaron|aumentaron
        desde cuando|por que tengo que|tengo que ir|solo atienden|no atienden|no aceptan|no dejan|hay que ir|hay que hacer
        """
    ),
    # Questions that want no answer: somebody complains.
    "retorica": cues(
        """
        desde cuando|hasta cuando|tanto cuesta|cuesta tanto|como es posible|como puede ser|como es que|por que sera
        de que sirve|para que sirve|para que ponen|para que tienen|cuando piensan|piensan|en serio|es normal
        les parece|os parece|que clase de|que tipo de|no les da|no os da|hasta que hora|cuantos dias mas|cuanto mas|cuantas veces
        otra vez|de nuevo|y ahora que|quien los|quien les|con que derecho|a quien se le ocurre|que se creen|se burlan
        acaso|a poco|que les pasa|que os pasa|que pasa con|no que|donde quedo|no piensan|van a esperar
        """
    ),
    # What the company does not do when written to.
    "silencio": cues(
        """
        !contest*|!respond*|!atiend*|!atend*|!ayud*|!dan respuesta|!dan solucion|me ignoran|nos ignoran|dejan en visto
        en visto|me cuelgan|cortan la llamada|cuelgan|nadie contesta|nadie responde|nadie atiende|sin respuesta|ni caso
        """
    ),
}
