"""Tactical alerts: what is kept, what is shown, what somebody decided, and the live feed."""
