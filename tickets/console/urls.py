from django.urls import path, register_converter

from tickets.console.views import changes, consultations, files, pages


class ChangeConverter:
    """What can be done to an answer that was queued."""

    regex = "cancel|approve|retry|settle_sent|settle_again"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(ChangeConverter, "change")

urlpatterns = [
    path("<slug:org>/casos/", pages.queue, name="queue"),
    path("<slug:org>/casos/<int:number>/", pages.case, name="case"),
    path("<slug:org>/casos/<int:number>/cliente/", pages.customer, name="customer"),
    path("<slug:org>/casos/<int:number>/respuestas/", changes.answer, name="reply"),
    path("<slug:org>/casos/<int:number>/notas/", changes.note, name="note"),
    path("<slug:org>/casos/<int:number>/asignacion/", changes.assign, name="assign"),
    path("<slug:org>/casos/<int:number>/tipo/", changes.kind, name="kind"),
    path("<slug:org>/casos/<int:number>/resolucion/", changes.resolve, name="resolve"),
    path("<slug:org>/casos/<int:number>/reapertura/", changes.reopen, name="reopen"),
    path("<slug:org>/casos/<int:number>/espera/", changes.wait, name="wait"),
    path("<slug:org>/casos/<int:number>/fin-de-espera/", changes.unwait, name="unwait"),
    path("<slug:org>/casos/<int:number>/consultas/", consultations.consult, name="consult"),
    path(
        "<slug:org>/casos/<int:number>/consultas/<int:pk>/cancelar/",
        consultations.cancel,
        name="consult_cancel",
    ),
    path("<slug:org>/mensajes/<int:pk>/<change:what>/", changes.message_change, name="message_change"),
    path("<slug:org>/casos/<int:number>/seguir/", changes.follow, name="follow"),
    path("<slug:org>/mensajes/<int:pk>/ocultar/", changes.hide, name="hide"),
    path("<slug:org>/archivos/<int:pk>/", files.media, name="media"),
]
