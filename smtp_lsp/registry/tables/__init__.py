"""Tables generated from the facts; see ``registry/generate.py``."""
