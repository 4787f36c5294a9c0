"""Exporting an artefact to the formats that other runtimes read, with proof that they compute the same."""
