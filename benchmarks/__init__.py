"""How fast and how good the assistant is. Nothing here is needed to run it."""
