"""Networks, the loss network and its losses, and the artefact that carries them.

The rooms above import from the modules (`from models.stylizer import Stylizer`); they import `impasto` alone.
"""
