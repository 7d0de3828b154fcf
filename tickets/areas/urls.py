from django.urls import path

from tickets.areas.views import page

urlpatterns = [path("consulta/<str:token>/", page.answer_page, name="area_answer")]
