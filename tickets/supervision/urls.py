from django.urls import path

from tickets.supervision.views import board, incident_cases, incidents

urlpatterns = [
    path("<slug:org>/tablero/", board.board, name="board"),
    path("<slug:org>/tablero/pasar/<int:number>/", board.pass_case, name="board_pass"),
    path("<slug:org>/tablero/pasar/<int:number>/deshacer/", board.pass_undo, name="board_pass_undo"),
    path("<slug:org>/novedades/", incidents.incidents, name="incidents"),
    path("<slug:org>/novedades/nueva/", incidents.new, name="incident_new"),
    path("<slug:org>/novedades/fijadas/<int:number>/", incident_cases.pinned, name="incident_pinned"),
    path("<slug:org>/novedades/<int:number>/", incidents.incident, name="incident"),
    path("<slug:org>/novedades/<int:number>/cambio/", incidents.change, name="incident_change"),
    path("<slug:org>/novedades/<int:number>/aviso/", incidents.notice, name="incident_notice"),
    path("<slug:org>/novedades/<int:number>/casos/", incident_cases.cases, name="incident_cases"),
    path("<slug:org>/novedades/<int:number>/respuestas/", incident_cases.answers, name="incident_answers"),
    path(
        "<slug:org>/novedades/<int:number>/respuestas/<int:pk>/detener/",
        incident_cases.stop,
        name="incident_answers_stop",
    ),
]
