"""Finding what a buyer said, in its context, and what nobody has read yet."""
