"""Acts: who asks, when, and where a digest is posted; all I/O."""
