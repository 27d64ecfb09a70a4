"""What a passage says of a statement: supports it, contradicts it, or neither."""
