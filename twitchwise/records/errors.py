"""What the records layer raises. Messages are for the operator and never hold what a person wrote."""
from __future__ import annotations


class RecordsError(RuntimeError):
    """Something about the records failed."""


class DatabaseSettingError(RecordsError, ValueError):
    """The database address cannot be used."""


class MigrationError(RecordsError):
    """The database could not be brought to the wanted version."""


class RecordingFailed(RecordsError):
    """A turn could be kept neither in the database, nor on disk, nor in memory. The reply to the person still stands."""


class SpoolError(RecordsError):
    """A turn could not be kept on disk."""


class SpoolFull(SpoolError):
    """The spool on disk holds as many turns as it may."""


class ContentKeyError(RecordsError):
    """Stored text cannot be read with the content keys that are set."""
