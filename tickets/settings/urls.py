from django.urls import path, register_converter
from django.urls.converters import StringConverter

from tickets.settings.views import (
    accounts,
    aftercontact,
    areas,
    audit,
    calendars,
    connect,
    criterion,
    doors,
    duty,
    entries,
    escalation,
    filing,
    general,
    guides,
    legal,
    mailboxes,
    people,
    policies,
    published,
    searches,
    sign_on,
    site,
    team,
    tree,
    wordings,
)


class KeyStep(StringConverter):
    """What can be done to a key of another system."""

    regex = "renovar|retirar"


class ImportStep(StringConverter):
    """What can be done to a file of cases."""

    regex = "empezar|cancelar"


register_converter(KeyStep, "door_key_step")
register_converter(ImportStep, "import_step")

urlpatterns = [
    path("connect/<slug:network>/callback/", connect.callback, name="connect_callback"),
    path("<slug:org>/ajustes/", general.index, name="settings"),
    path("<slug:org>/ajustes/perfil/", general.profile, name="profile"),
    path("<slug:org>/ajustes/plazos/", policies.policies, name="policies"),
    path("<slug:org>/ajustes/plazos/nuevo/", policies.policy_new, name="policy_new"),
    path("<slug:org>/ajustes/plazos/<int:pk>/", policies.policy, name="policy"),
    path("<slug:org>/ajustes/terminos/", legal.legal_terms, name="legal_terms"),
    path("<slug:org>/ajustes/terminos/<int:pk>/", legal.legal_term, name="legal_term"),
    path("<slug:org>/ajustes/horario/", calendars.hours, name="hours"),
    path("<slug:org>/ajustes/horario/nuevo/", calendars.add, name="calendar_add"),
    path("<slug:org>/ajustes/horario/<int:pk>/", calendars.calendar, name="calendar"),
    path("<slug:org>/ajustes/horario/<int:pk>/quitar/", calendars.drop, name="calendar_drop"),
    path("<slug:org>/ajustes/horario/cuenta/<int:pk>/", published.account, name="account_hours"),
    path("<slug:org>/ajustes/radicacion/", filing.filing, name="filing"),
    path("<slug:org>/ajustes/contacto-posterior/", aftercontact.after_contact, name="after_contact_settings"),
    path("<slug:org>/ajustes/sitio/", site.site, name="site_settings"),
    path("<slug:org>/ajustes/cuentas/", accounts.accounts, name="accounts"),
    path("<slug:org>/ajustes/cuentas/conectar/<slug:network>/", connect.begin, name="account_connect"),
    path("<slug:org>/ajustes/cuentas/paginas/", connect.pages, name="account_pages"),
    path("<slug:org>/ajustes/cuentas/correo/", mailboxes.mailbox, name="mailbox_connect"),
    path("<slug:org>/ajustes/cuentas/correo/<int:pk>/", mailboxes.mailbox, name="mailbox"),
    path("<slug:org>/ajustes/areas/", areas.areas, name="areas"),
    path("<slug:org>/ajustes/areas/<int:pk>/", areas.area, name="area"),
    path("<slug:org>/ajustes/escucha/", searches.searches, name="searches"),
    path("<slug:org>/ajustes/escucha/<int:pk>/", searches.search, name="search"),
    path("<slug:org>/ajustes/cuentas/<int:pk>/presupuesto/", searches.budget, name="account_budget"),
    path("<slug:org>/ajustes/cuentas/<int:pk>/modo/", accounts.mode, name="account_mode"),
    path("<slug:org>/ajustes/cuentas/<int:pk>/proposito/", accounts.purpose, name="account_purpose"),
    path("<slug:org>/ajustes/cuentas/<int:pk>/desconectar/", accounts.leave, name="account_disconnect"),
    path("<slug:org>/ajustes/equipo/", team.team, name="team"),
    path("<slug:org>/ajustes/equipo/iniciales/", team.initials, name="member_initials"),
    path("<slug:org>/ajustes/equipo/cambios/", team.rights_changes, name="rights_changes"),
    path("<slug:org>/ajustes/equipo/cambios/<int:pk>/", team.rights_change, name="rights_change"),
    path("<slug:org>/ajustes/equipo/<int:pk>/", team.member, name="member"),
    path("<slug:org>/ajustes/equipo/<int:pk>/acceso/", people.access, name="member_access"),
    path("<slug:org>/ajustes/equipo/<int:pk>/turnos/", people.shifts, name="member_shifts"),
    path("<slug:org>/ajustes/equipo/<int:pk>/capacitacion/", people.training, name="member_training"),
    path("<slug:org>/ajustes/equipo/<int:pk>/retirar/", people.take_back, name="member_take_back"),
    path("<slug:org>/ajustes/perfil/foto/", people.photo, name="profile_photo"),
    path("<slug:org>/ajustes/equipo/<int:pk>/invitacion/", team.invite_again, name="member_invitation"),
    path("<slug:org>/ajustes/guardias/", duty.rota, name="on_call"),
    path("<slug:org>/ajustes/guardias/<int:pk>/quitar/", duty.drop, name="on_call_drop"),
    path("<slug:org>/ajustes/guardias/reemplazos/", duty.swap, name="on_call_swap"),
    path("<slug:org>/ajustes/guardias/reemplazos/<int:pk>/quitar/", duty.drop_swap, name="on_call_swap_drop"),
    path("<slug:org>/ajustes/escalamiento/", escalation.rules, name="escalation"),
    path("<slug:org>/ajustes/escalamiento/<int:pk>/", escalation.rule, name="escalation_rule"),
    path("<slug:org>/ajustes/escalamiento/frase/", escalation.preview, name="escalation_preview"),
    path("<slug:org>/ajustes/acceso/", sign_on.sign_on_settings, name="sign_on_settings"),
    path("<slug:org>/ajustes/acceso/decision/", sign_on.sign_on_decide, name="sign_on_decide"),
    path("<slug:org>/ajustes/entradas/", entries.entries, name="entries"),
    path("<slug:org>/ajustes/entradas/<int:pk>/", entries.retry, name="entry_replay"),
    path("<slug:org>/ajustes/sistemas/", doors.keys, name="door_keys"),
    path("<slug:org>/ajustes/sistemas/<int:pk>/<door_key_step:what>/", doors.key_step, name="door_key_step"),
    path("<slug:org>/ajustes/importar/", doors.imports, name="imports"),
    path("<slug:org>/ajustes/importar/<int:pk>/", doors.one_import, name="import"),
    path("<slug:org>/ajustes/importar/<int:pk>/<import_step:what>/", doors.import_step, name="import_step"),
    path("<slug:org>/ajustes/importar/<int:pk>/errores.csv", doors.import_mistakes, name="import_mistakes"),
    path("<slug:org>/ajustes/criterio/", criterion.criterion, name="criterion"),
    path("<slug:org>/ajustes/tipificacion/", tree.tree, name="tree"),
    path("<slug:org>/ajustes/tipificacion/cambios/", tree.edit, name="tree_edit"),
    path("<slug:org>/ajustes/tipificacion/version/", tree.version, name="tree_publish"),
    path("<slug:org>/ajustes/tipificacion/<slug:key>/", tree.node, name="tree_node"),
    path("<slug:org>/ajustes/protocolos/", guides.protocols, name="protocols"),
    path("<slug:org>/ajustes/protocolos/nuevo/", guides.protocol_add, name="protocol_add"),
    path("<slug:org>/ajustes/protocolos/<int:pk>/", guides.protocol, name="protocol"),
    path("<slug:org>/ajustes/protocolos/<int:pk>/version/", guides.protocol_life, name="protocol_life"),
    path("<slug:org>/ajustes/plantillas/", wordings.answer_templates, name="answer_templates"),
    path("<slug:org>/ajustes/plantillas/nueva/", wordings.answer_template_add, name="answer_template_add"),
    path("<slug:org>/ajustes/plantillas/<int:pk>/", wordings.answer_template, name="answer_template"),
    path(
        "<slug:org>/ajustes/plantillas/<int:pk>/version/",
        wordings.answer_template_life,
        name="answer_template_life",
    ),
    path("<slug:org>/ajustes/bitacora/", audit.audit, name="audit"),
]
