"""The workspace as a whole: its state, long work in a queue, backups, the demo, and the machinery without one."""
