"""What people hold becomes documents: files taken in, people and speakers told apart, deals laid beside."""
