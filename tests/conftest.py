"""What holds for all tests: a slow or busy machine is no defect, so no test of properties watches the clock."""

from hypothesis import HealthCheck, settings

settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")
