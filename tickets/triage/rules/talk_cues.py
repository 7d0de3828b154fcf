"""Words that tell noise from service, a follow-up, a threat, an attack on people. Written by us; data.

Folded: no accents, ñ as n. A "*" lets the word go on; "!" stands for a denial before it.
"""

from tickets.triage.rules.wording import cues

#: Why a message asks for no answer, as it is told to the agent.
NOISE: dict[str, tuple[str, ...]] = {
    "publicidad": cues(
        """
        descubre*|aprovecha*|registrate*|suscribete*|inscribete*|descarga la|descarga nuestra|conoce mas|conoce nuestr*
        conoce los|visita nuestr*|visitanos|ven a|no te pierdas|no te lo pierdas|no se pierdan|hasta agotar|codigo promo*
        descuento*|rebajas|black friday|blackfriday|hot sale|cyber monday|cyberlunes|buen fin|ofertas|ofertas de|chollo*
        vuelos baratos|vuelos a|vuelos desde|desde solo|por solo|desde 9|desde 1|desde 2|desde 3|al mejor precio
        meses sin intereses en|msi en|a partir de hoy puedes|ya disponible|ya esta disponible|te esperamos|te invitamos
        los invitamos|nuestros clientes|nuestra nueva|nuestro nuevo|presentamos|lanzamos|patrocin*|alianza con
        convenio con|vacante*|se busca|oferta de empleo|oferta de trabajo|estamos contratando|buscamos|webinar|taller
        conferencia|foro|curso gratis|vendo|se vende|se renta|se alquila|gana dinero|gane dinero|link en bio
        link en mi|mas informacion en|mas info en|informate|via whatsapp|escribenos al|contactanos al|prestamos rapidos
        credito facil|inversion segura|bitcoin|criptomoneda*|forex|trading|sin buro|sin codeudor|sin checar buro
        """
    ),
    "concurso": cues(
        """
        sorteo*|concurso*|participa*|participando|ganador*|gana un*|ganate|ganar un*|quiero ganar|premio*|me lo merezco
        deseadme suerte|deseenme suerte|crucemos los dedos|mi destino*|mi respuesta es|siganos y|dale like|etiqueta a
        etiqueta a tus|menciona a|comparte y|rt y|rt para|giveaway|trivia|boletos gratis|entradas gratis|quiero ir
        yo quiero ir|elijo|mi voto
        """
    ),
    "noticia": cues(
        """
        segun analistas|analistas|inflacion|la bolsa|en bolsa|acciones de|cotiza*|tipo de cambio|precio del dolar
        el dolar|dolar hoy|dolar se|euribor|trimestre|semestre|utilidad*|beneficio neto|ganancias de|ingresos por
        millones de|mdp|mdd|por ciento|crece un|crecio un|cae un|sube un|subio un|baja un|preve|preven|pronostic*
        anuncia*|anuncio*|anunciaron|lanza|lanzan|presenta|presento|inaugur*|compra de|venta de|adquisicion|adquiere
        fusion|opa|accionista*|consejo de administracion|presidente de|presidente del|director general de|ceo de
        consejero delegado|ministro*|ministerio|gobierno|senado|congreso|elecciones|partido|campana|corrupcion
        fobaproa|expropi*|privatiz*|huelga de|huelga en|convocada|convocan|desconvoc*|sindicato*|pilotos|tripulantes
        despidos|plantilla|aeropuerto de|ruta a|rutas|nueva ruta|nuevas rutas|conectara|operara|flota|boeing|airbus
        pasajero de|pasajeros de|un pasajero|una pasajera|detenid*|capturad*|asalto*|policia*|fiscal*|imputad*
        condena*|multa a|multa de|multan|sanciona a|sancionan|demanda colectiva|tribunal*|sentencia*|ranking|encuesta*
        informe|estudio|reporte economico|mercado*|sector bancario|la banca|los bancos|banca digital|fintech*
        transformacion digital|big data|bigdata|inteligencia artificial|responsabilidad social|sostenib*|fundacion
        ultima hora|ultimahora|urgente noticia|leer mas|lee mas|lea mas|via elpais|noticia*|noticiero|columna
        editorial|entrevista*|en vivo|video de|asi fue|asi se|esto es lo que|conozca|estas son|estos son|cuales seran
        """
    ),
    "charla": cues(
        """
        amiga|amigo|amigui*|hermana|hermano|bro|brother|papu|wey|guey|carnal|parce|parcero|marica|tio|tia|tronco|che
        boludo|boluda|causa|pata|ntp|jajaj*|jajaja*|jejej*|jsjs*|jaj*|lol|xd|literal|igual yo|yo igual
        te recomiendo|no recomiendo a|abre una|abre tu|cambiate a|cambiate|vete a|pasate a
        prueba con|mejor usa|usa la de|dile a|diles que|preguntale a|que opinas|que opinan|que banco me|cual banco
        tienes que|deberias|te va a|te pueden|ya pague en|mi mama|mi papa|mi novi*|mi ex|mi amig*|mi vecin*|mi jefe
        mi hermana|mi hermano|me acorde|me recuerda|sonando|sone|meme*|serie|pelicula|cancion|concierto|partido de
        futbol|gol|seleccion|liga|equipo de|camiseta|estadio|novela|ticketmaster|preventa|la preventa|boletos
        feliz cumple*|feliz navidad|felices fiestas|feliz ano|buenos dias a todos|buen dia a todos|dios los bendiga a
        """
    ),
    "viaje contado": cues(
        """
        volando con|volando en|viajando con|camino a|rumbo a|de vuelta a|a volar|aterrizando|despegando|desde el aire
        vistas desde|nos vamos a|me voy a|por fin vacaciones|vacaciones|adios|goodbye|see you|hasta pronto|nice trip
        i m at|just posted|acabo de publicar|estoy en aeropuerto|escala en|trip|travel*|viajer*|turismo|turista*
        ida y vuelta por|me costo|por 20|por 30|por 50|compre vuelos|tengo vuelos|primer vuelo|ultimo vuelo|wanderlust
        """
    ),
}

#: A case that is already open, or a turn of talk with an adviser.
FOLLOW_UP: dict[str, tuple[str, ...]] = {
    "datos enviados": cues(
        """
        ya se los mande|ya se lo mande|ya os lo mande|ya os lo he mandado|ya se los envie|ya se lo envie|ya lo envie
        ya los envie|ya les envie|ya les mande|ya te envie|ya te mande|ya mande|ya envie|ya escribi|ya les escribi
        ya le escribi|ya te escribi|ya os escribi|ya os he escrito|os he escrito|os hemos escrito|les he escrito
        les escribi|les escribimos|le escribi por|te escribi por|ya les escribo|ya le escribo|ya te escribo|ya os escribo
        ahora les escribo|ahi les escribo|ahi les va|va por|va de nuevo|va el|ahi va|ahi esta|enviado|enviados|enviada
        mandado|mensaje enviado|dm enviado|les mande dm|les mande un|te mande|les deje|deje los datos|deje mis datos
        por dm|al dm|el dm|un dm|su dm|por md|al md|el md|mensaje directo|mensaje privado|por privado|por interno
        al interno|por inbox|al inbox|mi inbox|les contesto por|ya respondi|ya conteste|he contestado|les conteste
        ya complete|ya llene|ya diligencie|ya adjunte|adjunto|le adjunto|les adjunto|les comparto|te comparto
        les paso|te paso|os paso|revisen su|revisen el|revisa tu|revisa el|revisen dm|leer dm|lean el|leed el
        contesten el|respondan el|me responden el|no me responden el|listo|hecho|okay|ok
        """
    ),
    "caso abierto": cues(
        """
        mi caso|del caso|el caso|este caso|un caso|ya abri|ya levante|levante un*|levante mi|ya puse|ya radique|radique
        radicado|mi radicado|numero de radicado|el radicado|folio|mi folio|numero de folio|num de folio|ticket
        numero de caso|numero de ticket|numero de reclamo|numero de reclamacion|numero de incidencia|incidencia numero
        expediente|numero de expediente|pir|mi reporte|el reporte|ya reporte|ya lo reporte|ya hice el reporte
        mi reclamo|mi reclamacion|mi queja|mi solicitud|mi tramite|mi aclaracion|la aclaracion|mi peticion|la peticion
        mi pqr|la pqr|pqr|pqrs|en que va|en que quedo|en que estado|como va|que paso con|que ha pasado con|alguna novedad
        alguna noticia|alguna respuesta|algun avance|hay avances|hay novedades|novedades|sin novedad|tienen noticias
        me dijeron que me|quedaron de|quedaron en|quedo pendiente|me iban a|me prometieron|prometieron|dijeron que
        sigo esperando|sigo a la espera|seguimos esperando|seguimos a la espera|aun espero|aun sigo|aun estoy
        todavia espero|todavia estoy esperando|continuo esperando|a la espera|quedo atento|quedo atenta|quedamos atentos
        quedo pendiente|quedo a la espera|atento|atenta|atentos|esperando respuesta|espero respuesta|espero su respuesta
        espero una respuesta|espero pronta|como les decia|como le decia|como os decia|como les dije|como le dije
        como comente|como les comente|le repito|les repito|insisto|reitero|les recuerdo|le recuerdo|otra vez escribo
        vuelvo a escribir|nuevamente escribo|desde entonces|al respecto|hasta la fecha|a la fecha|hasta el momento
        """
    ),
    "respuesta a un asesor": cues(
        """
        si senor*|si claro|si ya|si por|si es|no senor*|ya lo hice|ya lo intente|ya intente|ya probe|ya hice|ya lo probe
        lo intente|intente lo que|hice lo que|lo que me dijeron|lo que me indic*|lo que me dic*|lo que indican|me indicas
        me indicaron|me comentas|me dices|que me pides|que me piden|que me solicit*|segun me|desde la app de|en android
        iphone|mi cel*|es un|cambie mi equipo|aparece este|aparece lo|me aparece el|este mensaje|este es el|esta es la
        aqui el|aqui la|aqui esta|aca esta|en la sucursal|estoy en la|fue en|fue el|fue ayer|fue hoy|sucede en|pasa en
        ya pude|ya quedo|ya esta|ya funciona|ya funciono|ya se soluciono|ya me solucion*|ya me respond*|ya me contest*
        ya me llam*|ya me atend*|ya llame|ya llamamos|ya fui|ya hable|hable con|me comunique|ya me comunique
        perfecto|entendido|enterado|de acuerdo|muy amable|muchas gracias|mil gracias|gracias por responder
        gracias por contestar|gracias por su respuesta|gracias por la respuesta|es correcto|correcto|asi es|exacto
        """
    ),
}

#: The words of a threat: going to who can punish, telling everybody, leaving.
THREAT: dict[str, tuple[str, ...]] = {
    "amenaza de irse": cues(
        """
        cambiarme de|cambiar de banco|cambiare de|voy a cambiar|me voy a cambiar|me cambio|me cambie|cambiandome
        a punto de cambiar|me voy de|me voy a ir|me ire|me largo|me paso a|me pasare|pasarme a|me mudo a|irme a
        mover mi dinero|muevo mi dinero|llevarme mi|llevarnos la|me llevo mi|me llevo la|sacar mi dinero|sacar mi plata
        sacare mi|saco mi|retirare mi|retirar todo*|cancelare|cancelo mi|cancelo la|cancelar todo*|cancelar mis|cancelar la cuenta
        cancelare mi|voy a cancelar|pienso cancelar|cierro mi|cerrar mi|cerrar la cuenta|cerrare|cerrare mi|darme de baja
        me doy de baja|me dare de baja|me he dado de baja|hasta hoy llego|hasta aqui llegue|hasta aca llegue|dejo de ser cliente
        dejare de ser|dejar de ser cliente|perdieron un cliente|perdieron a un|pierden un cliente|un cliente menos
        perderan un|van a perder un|nunca mas*|no vuelvo a*|no volvere a*|jamas vuelvo|jamas volvere|ultima vez que
        buscando otro|busco otro|buscar otro|otro banco|otra aerolinea|otro operador|otra compania|la competencia
        portarme|portabilidad|portar mi|me porto a|me porte
        """
    ),
    "amenaza de acudir a la autoridad": cues(
        """
        voy a denunciar*|los voy a denunciar|los denuncio|los denunciare|los vamos a denunciar|denunciarlos|denunciare
        les pondre una|os pondre una|pondre una|voy a poner una|voy a interponer|interpondre|interponer una|pongo una
        voy a demandar*|los voy a demandar|los demandare|los demando|demandarlos|vamos a demandar|una demanda|demanda
        ire a la|ire a|iremos a|acudire a|acudiremos|acudir a la|recurrire a|procedere a|procedere ante|procedo a
        voy a ir a|me ire a|nos vemos en|vere en|veremos en|instancias|otras instancias|tomare acciones|tomar acciones
        acciones legales|via legal|vias legales|por la via|mi abogado|mis abogados|el abogado|con abogado|juicio
        juzgado|tutela|accion de tutela|queja formal|queja ante|reclamo ante|denuncia ante|denuncia en|denuncia a
        queja en condusef|queja en profeco|queja en la super|hoja de reclamaciones|hojas de reclamaciones
        libro de reclamaciones|proximo paso|siguiente paso|aviso a la|reportare|los reportare|reportarlos|los voy a reportar
        """
    ),
    "amenaza de difusión": cues(
        """
        hacer viral|hacerlo viral|hacerla viral|se haga viral|viralizar*|viralice*|viral|voy a publicar|publicare|publicarlo
        lo publico|publico todo|que se enteren|que todos sepan|que todo el mundo sepa|todo el mundo se entere
        todos se enteren|se van a enterar|los medios|a la prensa|prensa|periodico|la tele|television|noticieros|medios de comunicacion
        por todas las redes|en todas mis redes|en todas las redes|difundir|difundire|compartire|ayudenme a compartir
        quemarlos|los voy a quemar|escrachar|funar|funarlos|exponer*|los expongo|quemar en redes|mala publicidad
        no recomendare|les contare a todos
        """
    ),
}

#: Who can punish a company; naming one is urgent, and next to an intention a threat.
AUTHORITY = cues(
    """
    superintendencia*|superfinanciera|superindustria|super financiera|supersalud|supertransporte|superservicios|sic
    sicsuper|sfc|condusef*|profeco|banxico|indecopi|osiptel|sbs|sernac|subtel|cmf|aesa|omic|facua|ocu
    banco de espana|bancodeespana|defensor del*|defensoria|enacom|defensa del consumidor|consumo|arcotel|indotel
    procuraduria|fiscalia|juez|juzgado|tribunal|cofece|ift|asuncion de reclamos|aerocivil|cnbv|bcra|sudeban|atencion al usuario
    """
)

#: Attacks on people: the company's own, or whoever is spoken to.
INSULT = cues(
    """
    ladrones|rata|ratas|rateros|ratero|raterillo*|robones|chorros|chorizos|choriz*|mangantes|sinverguenza*
    sin verguenza*|estafadores|estafador|estafadora*|timadores|usureros|usurero|hampones|hampon|bandidos|bandid*
    hijos de*|hijo de*|hijueput*|hijuep*|hijo e puta|hdp|hdps|jueputa*|hijos e|malparid*|gonorrea*|pirobo*
    carechimba*|lacras|lacra|escoria|parasitos|sanguijuelas|mentirosos|mentiroso|mentirosa|embusteros|farsantes
    charlatanes|ineptos|inepto|inepta|ineptas|incompetentes|imbeciles|imbecil|idiotas|idiota|estupidos|estupida
    estupido|estupidas|tarados|tarado|pendejos|pendejo|pendeja|pendejas|cabrones|cabron|cabrona|culeros|culero
    culera|mamones|mamon|cerdos|cerda|burros|gilipollas|subnormal*|capullos|capullo|cabronazos|boludos|pelotudos
    pelotudo|pelotuda|forros|forro|conchatumadre|concha de*|conchesumadre|ctm|csm|weones|weon|culiados|culiao*
    huevones|huevon|guevones|guevon|tarugos|chinga tu*|chinguen a*|chinguen su*|chingas a*|chingue a*|chinguen
    chingada madre de|puta madre de|su puta|tu puta|vayanse a la|vayan a la|vete a la|vayase a la|coman mierda
    come mierda|comemierda*|coma mierda|metanselo*|metanse*|lamentables personas|vividores|zanganos|huevonas
    verseros|rateras|malditos|maldito banco|malditas ratas|desgraciados|desgraciado|abusadores|abusones|abusivos
    aprovechados|cinicos|cinico|caraduras|caradura|descarados|descarado|cochinos|cochino|asquerosos|mugrosos
    mercenarios|trinqueteros|tracaleros|gachupin*|sudaca*|maricon*|nacos|naco|ladronzuelo*|gentuza|chusma
    chupasangre*|atarvan*|patan|patanes|malnacid*|mal nacid*|chantas|chanta|garcas|garca|fracasad*|cenutri*|menso
    mensos|mensa|zoquete*|zopenc*|cretin*|bastard*|tarada|taradas|gansteres|gangsters|carterist*|tramposos|trampos*
    indolentes|rateril*|hinchapelotas|muertos de hambre|analfabet*|aweona*|ahuevon*|saco de wea*|sacowea*
    soplapollas|mamarrach*|tontos del*|panda de|manga de|sarta de|bola de|hatajo de|atajo de|pandilla de|cuerda de
    partida de|cueva de|nido de|recua de|que os den|que les den|que te den|coman mucha*|coman m|comed mierda|come m
    vayanse a|vayanse al|vayan a comer|idos a la|iros a la|irse a la m*|metanse el|metansela|metanselas|se lo meten
    por donde les quepa|por donde os quepa|por donde no les*|hijas de la*|jijos|jijo de*|hijosde*
    ijos de p*|hjdp|hijuemadre*|joputa*|perros hp*|sinvergue*|cinverguenza*|pendejo*|pndj*|wn csm|maldita gente
    """
)

#: Words that attack only when somebody is called so ("son unos…"), or that blame how somebody behaves.
DOUBTFUL_INSULT = cues(
    """
    perros|perra|perras|animales|bestias|payasos|payaso|payasa|sapos|vagos|flojos|mediocres|mediocre|criminales
    asesinos|fascistas|corruptos|mafia|mafiosos|indios|marica|maricas|tu madre|hp|hps|jetas|jeta|basuras|buitres
    inutil|inutiles|bruta|brutos|tontos|puto|putas|putos|delincuentes|delincuente|ladron|infelices|infeliz|miserable
    miserables|por el culo|explotador*|transas|maleducad*|mal educad*|grosero|grosera|groseros|groseras|insolente*
    prepotente*|soberbio*|racista*|clasista*|ignorante*|perezos*|incapaces|bobo|bobos|boba|pesados|pesado|sobones
    fresco|frescos|irresponsables|hipocrita*|cobardes|cobarde|desalmad*|inhuman*|insensible*|robots|zombis|pirata
    piratas|abuson|ratas de
    """
)

#: What makes an insult of the word after it.
CALLING = cues(
    """
    son unos|son unas|sois unos|sois unas|eres un|eres una|es un|es una|son un|son una|sois un|sois una|son tan|sois tan|eres tan
    son puros|son puras|puros|puras|tremendos|menudos|menuda|par de|monton de|grupo de|banda de|pinches|pinche|putos|malditos
    que tan|bien|vaya panda|ustedes son|son los|todos son|son mas|por|unos|unas|todos unos|de tan|son|sois|eres|panda|raza de
    """
)

#: Swearing that hits nobody: the service failed.
SWEARING = cues(
    """
    mierda|mierd*|puta madre|putada|de puta|la puta|puto servicio|puta app|puto banco|puta aplicacion|joder|jodid*|jode*|jodan|cono|hostia*|ostia*
    carajo*|chingad*|chingon*|chingan*|chingar*|chingo|pinche*|verga|vergas|la verga|mamada*|pendejad*|pendejez|cagad*|cagar|cagan|culo
    huevos|pelotas|nojoda|no joda*|alv|ptm|wtf|maldit*|malparida*|porqueria*|basura|cochinada*|asco|asqueros*|pedorr*
    hpta|nmms|no mamen|no mames|me lleva*|hasta la madre|hasta los huevos|gonorrea de|chimba|culiad*|wea
    """
)

#: Somebody who has something with the company: what happened to me, what I need.
PERSONAL = cues(
    """
    yo|mi|mis|me|nos|mio|mia|nuestro|nuestra|conmigo|tengo|tenemos|tuve|tenia|estoy|estamos|llevo|llevamos|necesito
    necesitamos|quiero|queremos|quisiera|puedo|podemos|pude|intento|intente|he intentado|trato|trate|llame|hice
    solicite|pedi|compre|pague|deposite|retire|transferi|reserve|recibi|recibo|perdi|espero|esperando|fui|hable
    soy cliente|soy|somos|era cliente|fui cliente|hemos|he
    """
)

#: Spoken to the company.
ADDRESSED = cues(
    """
    ustedes|usted|os|vosotros|su servicio|su app|su aplicacion|su banco|su pagina|su linea|sus*|les|le|pueden|puede
    podrian|podria|podeis|podriais|tienen|teneis|tienes|tiene|deberian|hagan|haced|respondan|responda|contesten
    solucionen|ayuden*|ayudenme|ayudeme|ayudadme|me ayudan|me ayudais|me colaboran|me apoyan|por favor|porfavor|favor
    buenas tardes|buenos dias|buenas noches|buen dia|buenas|hola|saludos|estimados|senores|disculpen|disculpe|oigan|oye
    oiga|cuando van|hasta cuando|por que no|porque no|devuelvan*|dejen de|arreglen|mejoren
    """
)
