"""Searching within PostgreSQL: words by its full-text search, meaning by pgvector, in the database of the store.

What a word is, how a query is read and what it finds is the same as in the engine on local files; where it is looked up
differs. Words are written in the transaction that changes the passages, so every process that shares the database finds
what is stored.
"""
