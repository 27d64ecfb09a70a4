"""Sentences of a language model held against what they cite."""
