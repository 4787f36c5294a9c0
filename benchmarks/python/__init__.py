"""Impasto's networks in Python runtimes, side by side with a published package."""
