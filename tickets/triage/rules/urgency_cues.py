"""Words that make a case urgent, by the reason told to the agent. Written by us; data.

Folded: no accents, ñ as n. A "*" lets the word go on.
"""

from tickets.triage.rules.wording import cues

#: Fraud, theft, impersonation (care.md 5: critical).
CRITICAL: dict[str, tuple[str, ...]] = {
    "posible fraude": cues(
        """
        fraude*|fraudulent*|me clonaron|nos clonaron|clonaron|tarjeta clonada|me hackearon|hackearon mi
        me vaciaron|vaciaron mi|vaciaron la cuenta|me estafaron|nos estafaron|no reconozco|no reconoci*
        no reconocid*|cargo no reconocido|compra que no hice|compras que no*|transferencia que no*
        transferencia no autorizada|transacciones que no*|retiro que no*|retiros que no*|yo no hice*
        que no hice|no realice esa*|sim swap|simswap|duplicaron mi sim
        """
    ),
    "hurto": cues(
        """
        me robaron|nos robaron|me hurtaron|me atracaron|robo de mi*|hurto de*|me roban|robaron mi*
        hurtaron mi*|robaron el celular|robaron el telefono|robaron el movil|robaron la tarjeta
        robaron las tarjetas|robaron la cartera
        """
    ),
    "posible suplantación": cues(
        """
        suplant*|haciendose pasar|se hacen pasar|se hace pasar|se estan haciendo pasar
        sacaron un credito a mi nombre|credito a mi nombre|usaron mis datos|abrieron una cuenta a mi*
        """
    ),
}

#: No access to money or service, a date that is near, the regulator, someone vulnerable, a repetition: high.
HIGH: dict[str, tuple[str, ...]] = {
    "sin acceso al dinero o al servicio": cues(
        """
        no puedo ingresar|no puedo entrar|no puedo acceder|no puedo retirar|no puedo pagar|no puedo usar
        no puedo transferir|no puedo hacer pagos|no puedo hacer transferencias|ya no puedo usar
        sigo sin poder|no he podido entrar|no he podido ingresar|no he podido pagar|no he podido retirar
        no me deja entrar|no me deja ingresar|no me deja pagar|no me deja acceder|no me deja retirar
        no me deja hacer|no me permite ingresar|no me permite entrar|no me permite pagar
        cuenta bloqueada|cuenta esta bloqueada|tarjeta bloqueada|bloquearon mi*|bloquearon la*
        me bloquearon|bloqueo de mi*|sin acceso|no tengo acceso|sin servicio|sin servicios|sin internet
        sin luz|sin senal|sin linea|sin datos|sin agua|no esta funcionando|no funciona la app
        la app no funciona|app caida|se cayo la app|se cayo el sistema|sin sistema|mi dinero|mi plata
        sin dinero|sin plata|nomina|mi sueldo|mi salario|mi pension|no me entregaron el dinero
        no puedo sacar|no pude pagar|no pude entrar|no pude retirar|no me deja usar|no me deja abrir|no me deja transferir
        no me deja sacar|no me permite hacer|no me permite retirar|no me permite usar|no me dejan retirar|no me dejan sacar
        no me dejan entrar|intentando entrar|intentando ingresar|intento entrar|intento ingresar|imposible entrar
        imposible ingresar|imposible pagar|imposible acceder|poder acceder|poder entrar|poder ingresar|poder pagar
        la app no abre|la app no sirve|no sirve la app|no abre la app|la app no carga|no carga la app|se cayo la
        esta caida|estan caidos|no hay sistema|tarjeta rechazada|rechazan mi|rechaza mi|rechaza todas|cuenta congelada
        cuenta bloqueada|cuenta retenida|retienen mi*|retenido mi*|retener mi*|me dejaron sin*|sin saldo|no aparece mi dinero
        no llega mi*|no me llega mi*|no me depositan|no han depositado|no me han depositado|cuando depositan|cuando van a depositar
        necesito mi dinero|necesito mi plata|necesito el dinero|necesito pagar|no tengo para|sin poder usar
        cajero no*|invalid* mi tarjeta|invalidan*|no tengo como pagar|me dejaron sin*
        """
    ),
    "equipaje o viaje en curso": cues(
        """
        mi maleta|mis maletas|mi equipaje|equipaje perdido|equipaje no*|perdieron mi*|perdi la conexion
        perdimos la conexion|perdi el vuelo|perdimos el vuelo|cancelaron mi vuelo|cancelaron el vuelo
        vuelo cancelado|varados|varado|varada|overbooking|sobreventa|no me dejan abordar
        no me dejaron abordar|no nos dejan abordar|no nos dejaron abordar
        """
    ),
    "urgente": cues(
        """
        urgente*|urge|urgencia|emergencia|lo antes posible|cuanto antes|inmediat*|hospital|medicament*
        cirugia|clinica|vence hoy|hoy vence|vence manana|manana vence|ultimo dia|para hoy|hoy mismo
        ya mismo
        """
    ),
    "ente de control o vía legal": cues(
        """
        superintendencia|superfinanciera|superindustria|super financiera|supersalud|supertransporte
        superservicios|sic|sfc|sicsuper|condusef*|profeco|banxico|indecopi|osiptel|sbs|sernac|subtel|cmf
        aesa|omic|facua|ocu|banco de espana|defensor del consumidor|defensor del cliente
        defensoria del consumidor|defensa del consumidor|enacom|consumo|hoja de reclamaciones
        hojas de reclamaciones|libro de reclamaciones|tutela|demanda|demandar*|demandare|abogado*
        juzgado|juez|fiscalia|proceso legal|acciones legales|vias legales|legales|denuncia penal
        derecho de peticion|procuraduria
        """
    ),
    "amenaza de difusión": cues(
        """
        hacer viral|hacerlo viral|se haga viral|viralizar|en redes|por redes|mis redes|a redes|todas las redes|los medios|prensa|noticiero
        periodista|todo el mundo sepa|publicare|voy a publicar|que se enteren
        """
    ),
    "persona vulnerable": cues(
        """
        adulto mayor|adulta mayor|adultos mayores|tercera edad|persona mayor|discapacidad|discapacitad*
        embarazada|embarazo|menor de edad|mi bebe|un bebe|silla de ruedas|pensionad*|jubilad*|enfermo
        enferma|mi abuela|mi abuelo|anos de edad
        """
    ),
    "contactos repetidos sin respuesta": cues(
        """
        tercera vez|cuarta vez|quinta vez|enesima vez|tres veces|cuatro veces|cinco veces|diez llamadas
        varias veces|muchas veces|mil veces|otra vez lo mismo|sigo esperando|seguimos esperando
        aun espero|sin respuesta|no obtengo respuesta|sin solucion|no dan solucion|no me dan solucion
        nadie me da solucion|no me solucionan|nadie responde|nadie contesta|nadie me responde
        nadie me contesta|nadie me ayuda|nunca contestan|nunca responden|no me contestan|no me responden
        ni por dm contestan
        """
    ),
    "espera larga": cues(
        "desde hace meses|hace meses|llevo semanas|llevo meses|llevo dias|un mes esperando|meses esperando"
    ),
}

#: What anyone may ask without a case of their own: low.
GENERAL = cues(
    """
    horario*|a que hora abren|a que hora cierran|abren hoy|abren manana|abren los*|requisitos
    que requisitos|que documentos|que papeles|que necesito para|que se necesita para|que se necesita
    donde queda|donde estan|donde hay|que sucursal*|sucursal abierta|sucursales abiertas|cuanto cuesta
    cuanto vale|cuanto cobra*|cuanto me cobra|tarifas|para abrir|abrir una cuenta|sacar una tarjeta
    como abro|tienen convenio|que convenio*|numero de atencion|linea de atencion|que numero|a que numero
    telefono de*|que opcion|condiciones para|equipaje permitido|se puede llevar|puedo llevar|que tasa*
    tasa de*|trabajan el*|vacantes
    """
)

#: A journey within a day, told together with a flight (care.md 5: critical).
TRIP = cues(
    "vuelo|vuelos|avion|embarque|embarcar|abordar|conexion|check in|checkin|viajo|viajamos|aeropuerto|regreso"
)
SOON = cues(
    """
    hoy|manana|esta noche|esta tarde|en unas horas|en pocas horas|en una hora|en dos horas|en tres horas
    en media hora|ahora mismo|en el aeropuerto|en la sala|en la puerta|madrugada
    """
)
