"""Is new signal still arriving? The drift detector, from the cell of evidence to the words of its verdict."""
