"""Notes, meetings and training sessions."""
