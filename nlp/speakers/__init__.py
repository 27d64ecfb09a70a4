"""Who speaks: side of the table, seat in the buying group, and what they do in the deal."""
