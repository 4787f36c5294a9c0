"""Applying artefacts to pictures."""
