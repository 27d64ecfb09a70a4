"""Decks as claims: found, scoped, counted, and their quotations checked."""
