from django.urls import path, re_path

from tickets.api.views import keys, subscriptions

urlpatterns = [
    path("<slug:org>/ajustes/api/", keys.tokens, name="api_tokens"),
    re_path(
        r"^(?P<org>[-a-zA-Z0-9_]+)/ajustes/api/(?P<pk>[0-9]{1,18})/(?P<what>aprobar|anular)/$",
        keys.token_step,
        name="api_token_step",
    ),
    path("<slug:org>/ajustes/avisos/", subscriptions.subscriptions, name="webhooks"),
    path("<slug:org>/ajustes/avisos/<int:pk>/", subscriptions.subscription, name="webhook"),
    re_path(
        r"^(?P<org>[-a-zA-Z0-9_]+)/ajustes/avisos/(?P<pk>[0-9]{1,18})/(?P<what>probar|apagar|encender|quitar)/$",
        subscriptions.subscription_step,
        name="webhook_step",
    ),
    path(
        "<slug:org>/ajustes/avisos/entregas/<int:pk>/", subscriptions.delivery_replay, name="delivery_replay"
    ),
]
