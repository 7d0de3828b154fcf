from django.urls import path, register_converter

from tickets.console.views import (
    access,
    aftercontact,
    approvals,
    articles,
    attention,
    changes,
    commitments,
    consultations,
    files,
    filing,
    guidance,
    moves,
    open_cases,
    pages,
    people,
    practice,
    suspension,
    terms,
    typification,
    uploads,
    why,
)


class ChangeConverter:
    """What can be done to an answer that was queued."""

    regex = "cancel|approve|retry|settle_sent|settle_again"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


class StepConverter(ChangeConverter):
    """What can be done about two people who are one."""

    regex = "approve|refuse|undo"


class DatumConverter(ChangeConverter):
    """What can be done with a datum of a person."""

    regex = "see|verify|remove"


register_converter(ChangeConverter, "change")
register_converter(StepConverter, "step")
register_converter(DatumConverter, "datum")

urlpatterns = [
    path("<slug:org>/casos/", pages.queue, name="queue"),
    path("<slug:org>/casos/<int:number>/", pages.case, name="case"),
    path("<slug:org>/por-aprobar/", approvals.approvals, name="approvals"),
    path("<slug:org>/por-aprobar/<int:pk>/", approvals.decide, name="approval"),
    path("<slug:org>/contacto-posterior/", aftercontact.after_contacts, name="after_contacts"),
    path("<slug:org>/contacto-posterior/<int:pk>/", aftercontact.after_contact, name="after_contact"),
    path("<slug:org>/practica/", practice.practice, name="practice"),
    path("<slug:org>/practica/<int:pk>/", practice.practice_feedback, name="practice_feedback"),
    path("<slug:org>/estado/", approvals.presence, name="presence"),
    path("<slug:org>/casos/<int:number>/cliente/", pages.customer, name="customer"),
    path("<slug:org>/casos/<int:number>/respuestas/", changes.answer, name="reply"),
    path("<slug:org>/casos/<int:number>/archivos/", uploads.uploads, name="uploads"),
    path("<slug:org>/subidos/<int:pk>/", uploads.upload, name="upload"),
    path("<slug:org>/casos/<int:number>/contestado/", changes.spoken, name="spoken"),
    path("<slug:org>/casos/<int:number>/notas/", changes.note, name="note"),
    path("<slug:org>/casos/<int:number>/asignacion/", changes.assign, name="assign"),
    path("<slug:org>/casos/<int:number>/tipo/", changes.kind, name="kind"),
    path("<slug:org>/casos/<int:number>/resolucion/", typification.resolve, name="resolve"),
    path("<slug:org>/casos/<int:number>/tipificacion/", typification.typify, name="typify"),
    path("<slug:org>/casos/<int:number>/prioridad/", typification.priority, name="take_priority"),
    path("<slug:org>/casos/<int:number>/reapertura/", changes.reopen, name="reopen"),
    path("<slug:org>/casos/<int:number>/espera/", changes.wait, name="wait"),
    path("<slug:org>/casos/<int:number>/fin-de-espera/", changes.unwait, name="unwait"),
    path("<slug:org>/casos/<int:number>/relojes/<int:pk>/", why.clock_why, name="clock_why"),
    path("<slug:org>/casos/<int:number>/consultas/", consultations.consult, name="consult"),
    path(
        "<slug:org>/casos/<int:number>/consultas/<int:pk>/cancelar/",
        consultations.cancel,
        name="consult_cancel",
    ),
    path("<slug:org>/casos/<int:number>/fechas/", commitments.dates_found, name="dates_found"),
    path("<slug:org>/casos/<int:number>/compromisos/", commitments.commitments, name="commitments"),
    path("<slug:org>/compromisos/<int:pk>/cumplido/", commitments.commitment_kept, name="commitment_kept"),
    path("<slug:org>/mensajes/<int:pk>/<change:what>/", changes.message_change, name="message_change"),
    path("<slug:org>/casos/<int:number>/protocolo/", guidance.panel, name="protocol_panel"),
    path("<slug:org>/casos/<int:number>/protocolo/pasos/", guidance.step, name="protocol_step"),
    path("<slug:org>/casos/<int:number>/protocolo/cambio/", guidance.change, name="protocol_change"),
    path("<slug:org>/casos/<int:number>/protocolo/otorgado/", guidance.grant_amount, name="protocol_grant"),
    path("<slug:org>/casos/<int:number>/plantillas/", guidance.templates, name="case_templates"),
    path("<slug:org>/casos/<int:number>/articulos/", articles.case_articles, name="case_articles"),
    path("<slug:org>/casos/<int:number>/articulo/", articles.draft, name="article_from_answer"),
    path("<slug:org>/casos/<int:number>/seguir/", changes.follow, name="follow"),
    path("<slug:org>/mensajes/<int:pk>/ocultar/", changes.hide, name="hide"),
    path("<slug:org>/casos/<int:number>/cliente/datos/", people.identity_add, name="identity_add"),
    path(
        "<slug:org>/casos/<int:number>/cliente/datos/<int:pk>/<datum:what>/",
        people.identity_change,
        name="identity_change",
    ),
    path("<slug:org>/casos/<int:number>/cliente/validacion/", people.identity_check, name="identity_check"),
    path("<slug:org>/casos/<int:number>/cliente/nivel/", people.customer_level, name="customer_level"),
    path("<slug:org>/casos/<int:number>/cliente/no-contactar/", people.no_contact, name="no_contact"),
    path("<slug:org>/casos/<int:number>/cliente/buscar/", people.same_person, name="same_person"),
    path("<slug:org>/casos/<int:number>/cliente/unir/", people.unify, name="unify"),
    path("<slug:org>/casos/<int:number>/cliente/distintos/", people.keep_apart, name="keep_apart"),
    path("<slug:org>/casos/<int:number>/parecidos/", open_cases.likely_cases, name="likely_cases"),
    path("<slug:org>/casos/<int:number>/unir-caso/", open_cases.join_open_case, name="join_open_case"),
    path("<slug:org>/casos/<int:number>/continuar/", open_cases.go_on_apart, name="go_on_apart"),
    path("<slug:org>/uniones/", people.unifications, name="unifications"),
    path("<slug:org>/uniones/<int:pk>/<step:step>/", people.unification, name="unification"),
    path("<slug:org>/mensajes/<int:pk>/ver/", access.unmask, name="message_unmask"),
    path("<slug:org>/casos/<int:number>/abrir/", access.open_case, name="case_open"),
    path("<slug:org>/casos/<int:number>/entrega/", changes.hand_over, name="case_hand_over"),
    path("<slug:org>/casos/<int:number>/peticiones/<int:pk>/", changes.petition, name="petition"),
    path("<slug:org>/casos/<int:number>/reserva/", access.reserve, name="case_reserve"),
    path("<slug:org>/casos/<int:number>/radicado/", filing.file_case, name="file_case"),
    path("<slug:org>/casos/<int:number>/respuesta-de-fondo/", terms.definitive, name="definitive"),
    path("<slug:org>/casos/<int:number>/prorroga/", terms.extension, name="extension"),
    path("<slug:org>/casos/<int:number>/suspension/", suspension.suspension, name="suspension"),
    path("<slug:org>/casos/<int:number>/referencias/", filing.references, name="references"),
    path("<slug:org>/referencias/<int:pk>/quitar/", filing.reference_remove, name="reference_remove"),
    path("<slug:org>/casos/<int:number>/unir/", moves.join, name="join"),
    path("<slug:org>/casos/<int:number>/separar/", moves.split, name="split"),
    path("<slug:org>/movimientos/<int:pk>/deshacer/", moves.move_undo, name="move_undo"),
    path("<slug:org>/mensajes/<int:pk>/ver/", access.unmask, name="message_unmask"),
    path("<slug:org>/casos/<int:number>/abrir/", access.open_case, name="case_open"),
    path("<slug:org>/casos/<int:number>/entrega/", changes.hand_over, name="case_hand_over"),
    path("<slug:org>/casos/<int:number>/peticiones/<int:pk>/", changes.petition, name="petition"),
    path("<slug:org>/casos/<int:number>/reserva/", access.reserve, name="case_reserve"),
    path("<slug:org>/sin-atencion/", attention.noise, name="noise"),
    path("<slug:org>/mensajes/<int:pk>/atencion/", attention.attention_needed, name="attention_needed"),
    path("<slug:org>/mensajes/<int:pk>/revision/", attention.noise_reviewed, name="noise_reviewed"),
    path("<slug:org>/casos/<int:number>/sin-atencion/", attention.put_aside, name="put_aside"),
    path("<slug:org>/atencion/<int:pk>/deshacer/", attention.attention_undo, name="attention_undo"),
    path("<slug:org>/archivos/<int:pk>/", files.media, name="media"),
]
