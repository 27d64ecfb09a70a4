"""The quarterly synthesis, composed from evidence."""
