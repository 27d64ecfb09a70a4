"""Texts as vectors, on the machine itself."""
