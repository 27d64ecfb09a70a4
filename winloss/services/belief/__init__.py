"""What leadership holds to be true, held against the evidence."""
