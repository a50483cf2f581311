"""Acts: who asks, when, and where a digest is posted; all I/O."""

__version__ = "0.1.0"
