"""Errors that end a command with one clear line."""


class UserError(Exception):
    """A mistake in input, settings or surroundings; its text is for the person at the keyboard."""
