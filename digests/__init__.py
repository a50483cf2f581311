"""Thinks: what a digest is and how one is made; no I/O, no clock, no environment."""
