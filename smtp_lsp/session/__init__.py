"""The protocol as data, and the one walk that runs a dialogue through it."""
