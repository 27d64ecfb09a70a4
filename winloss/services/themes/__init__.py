"""Engagements, pains and proof as themes: found, kept the same from quarter to quarter, crossed with who says them."""
