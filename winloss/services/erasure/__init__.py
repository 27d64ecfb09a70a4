"""Forgetting for good: a person, a document or a source, with everything made of it."""
