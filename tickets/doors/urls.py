from django.urls import path

from tickets.doors.views import register

urlpatterns = [
    path("<slug:org>/registrar/", register.register, name="register"),
    path("<slug:org>/registrar/personas/", register.people, name="register_people"),
    path("<slug:org>/registrar/casos/", register.theirs, name="register_theirs"),
    path("<slug:org>/registrar/tipo/", register.kind, name="register_kind"),
]
