"""The people who share a workspace, and how they sign in."""
