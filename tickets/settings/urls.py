from django.urls import path

from tickets.settings import views

urlpatterns = [
    path("<slug:org>/ajustes/", views.index, name="settings"),
]
