"""What a training step costs, beside what the machine can do."""
