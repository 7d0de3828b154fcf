from django.urls import path

from tickets.team.views import accept, photo

urlpatterns = [
    path("invitacion/<str:token>/", accept.invitation, name="invitation"),
    path("<slug:org>/equipo/<int:pk>/foto/", photo.photo, name="member_photo"),
]
