"""Which passages say the same: themes, their identity, how they are called."""
