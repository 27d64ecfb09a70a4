"""Who may be quoted, and how: the one door through which verbatims leave the workspace."""
