"""What the assistant does with a message, whatever the channel."""
