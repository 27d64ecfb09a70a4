"""Running words: where sentences end, whose they are, which language they are in, and which names they hold."""
