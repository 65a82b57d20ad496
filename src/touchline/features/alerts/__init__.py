"""Tactical alerts: what is kept, what is shown, what somebody decided, and the live feed."""

from touchline.features.alerts.build import periodic_jobs, services

__all__ = ["periodic_jobs", "services"]
