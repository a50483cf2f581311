"""Chooses: what the operator decided, as checked values."""
