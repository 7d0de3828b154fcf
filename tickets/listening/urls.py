from django.urls import path, register_converter
from django.urls.converters import StringConverter

from tickets.listening.views import findings, native


class FindingStep(StringConverter):
    """What can be done with a finding."""

    regex = "caso|descartar|devolver"


register_converter(FindingStep, "finding_step")

urlpatterns = [
    path("<slug:org>/escucha/", findings.listening, name="listening"),
    path("<slug:org>/escucha/<int:pk>/respuesta/", native.finding_answer, name="finding_answer"),
    path("<slug:org>/escucha/<int:pk>/<finding_step:what>/", findings.step, name="finding_step"),
    path("<slug:org>/mensajes/<int:pk>/respondida-en-x/", native.message_answer, name="message_answer"),
]
