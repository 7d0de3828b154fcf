from django.apps import AppConfig


class ChannelsSocialConfig(AppConfig):
    name = "channels_social"
    label = "channels_social"
