"""Adapters and wiring: channels, storage, settings, console."""
