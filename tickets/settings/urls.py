from django.urls import path

from tickets.settings.views import accounts, audit, connect, entries, filing, general, sign_on, team

urlpatterns = [
    path("connect/<slug:network>/callback/", connect.callback, name="connect_callback"),
    path("<slug:org>/ajustes/", general.index, name="settings"),
    path("<slug:org>/ajustes/perfil/", general.profile, name="profile"),
    path("<slug:org>/ajustes/horario/", general.hours, name="hours"),
    path("<slug:org>/ajustes/radicacion/", filing.filing, name="filing"),
    path("<slug:org>/ajustes/cuentas/", accounts.accounts, name="accounts"),
    path("<slug:org>/ajustes/cuentas/conectar/<slug:network>/", connect.begin, name="account_connect"),
    path("<slug:org>/ajustes/cuentas/paginas/", connect.pages, name="account_pages"),
    path("<slug:org>/ajustes/cuentas/<int:pk>/modo/", accounts.mode, name="account_mode"),
    path("<slug:org>/ajustes/cuentas/<int:pk>/proposito/", accounts.purpose, name="account_purpose"),
    path("<slug:org>/ajustes/cuentas/<int:pk>/desconectar/", accounts.leave, name="account_disconnect"),
    path("<slug:org>/ajustes/equipo/", team.team, name="team"),
    path("<slug:org>/ajustes/equipo/iniciales/", team.initials, name="member_initials"),
    path("<slug:org>/ajustes/equipo/cambios/", team.rights_changes, name="rights_changes"),
    path("<slug:org>/ajustes/equipo/cambios/<int:pk>/", team.rights_change, name="rights_change"),
    path("<slug:org>/ajustes/equipo/<int:pk>/", team.member, name="member"),
    path("<slug:org>/ajustes/equipo/<int:pk>/acceso/", team.access, name="member_access"),
    path("<slug:org>/ajustes/equipo/<int:pk>/invitacion/", team.invite_again, name="member_invitation"),
    path("<slug:org>/ajustes/acceso/", sign_on.sign_on_settings, name="sign_on_settings"),
    path("<slug:org>/ajustes/acceso/decision/", sign_on.sign_on_decide, name="sign_on_decide"),
    path("<slug:org>/ajustes/entradas/", entries.entries, name="entries"),
    path("<slug:org>/ajustes/entradas/<int:pk>/", entries.retry, name="entry_replay"),
    path("<slug:org>/ajustes/bitacora/", audit.audit, name="audit"),
]
