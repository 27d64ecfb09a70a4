"""Decks held against the verbatims, and kept as what a quarter's synthesis said."""
