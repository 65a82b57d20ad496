"""What can go wrong inside the engine, in a coach's words. The doors translate these; nobody else does."""


class EngineError(Exception):
    """Base of all engine errors: `str(error)` is a sentence that may be shown to a coach."""

    code = "engine.error"


class VideoUnreadableError(EngineError):
    """The file is missing, empty, not a video, or breaks before its first picture."""

    code = "engine.video_unreadable"


class CalibrationRefusedError(EngineError):
    """The given points cannot place the pitch: too few, on one line, or they contradict each other."""

    code = "engine.calibration_refused"


class ModelMismatchError(EngineError):
    """A model file is missing or is not the one that its manifest describes."""

    code = "engine.model_mismatch"


class SettingsInvalidError(EngineError):
    """An option has a value that the engine cannot work with."""

    code = "engine.settings_invalid"


class CancelledError(EngineError):
    """Somebody asked the engine to stop."""

    code = "engine.cancelled"
