"""Figures of matplotlib, made but not saved. Import from here only when a picture is wanted: see ``bot.charts``."""
