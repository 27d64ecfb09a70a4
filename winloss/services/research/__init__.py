"""What people make of verbatims: codes, collections, labels, quotations to hand on, and how far coders agree."""
