"""winloss: the buyer's exact words, back in the room."""

__version__ = "0.1.0"
