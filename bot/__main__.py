"""``python -m bot``, and what ``dvcbot`` runs."""

from __future__ import annotations

import gc


def main() -> None:
    """The command line. What is imported stays, so that garbage is not looked for meanwhile."""
    gc.disable()
    from bot import cli  # noqa: PLC0415

    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
