"""What a quarter brought: verdicts, what they rest on, what people decide about them, whom to ask next."""
