from django.apps import AppConfig

from benchmarks.faults.without import take_out_of_outbox


class FaultsConfig(AppConfig):
    name = "benchmarks.faults"

    def ready(self):
        take_out_of_outbox()
