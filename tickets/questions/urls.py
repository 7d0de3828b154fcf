from django.urls import path

from tickets.questions.views import groups

urlpatterns = [
    path("<slug:org>/preguntas/", groups.question_groups, name="question_groups"),
    path("<slug:org>/preguntas/<int:pk>/", groups.question_group, name="question_group"),
    path("<slug:org>/articulos/<int:pk>/casos/", groups.article_cases, name="article_cases"),
]
