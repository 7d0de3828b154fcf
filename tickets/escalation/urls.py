from django.urls import path

from tickets.escalation.views import alarms

urlpatterns = [
    path("push-worker.js", alarms.push_worker, name="push_worker"),
    path("<slug:org>/alarmas/", alarms.alarms, name="alarms"),
    path("<slug:org>/alarmas/<int:pk>/", alarms.alarm, name="alarm"),
    path("<slug:org>/alarmas/avisos/", alarms.preferences, name="alarm_preferences"),
    path("<slug:org>/alarmas/navegador/", alarms.browser, name="alarm_browser"),
]
