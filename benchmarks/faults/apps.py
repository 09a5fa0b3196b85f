from django.apps import AppConfig

from benchmarks.faults.without import take_out


class FaultsConfig(AppConfig):
    name = "benchmarks.faults"

    def ready(self):
        take_out()
