"""Draws in a process of its own: requests on standard input, pictures on standard output, both pickled.

matplotlib holds the interpreter for long and takes some 40 MB: here neither is felt by who waits for words. The process
ends with its standard input, so it never outlives the program that started it.
"""

from __future__ import annotations

import pickle
import signal
import sys

from bot import charts

DRAWN = {function.__name__: function for function in (charts.trend, charts.bars, charts.summary)}


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who started this ends it
    requests, pictures = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library may print is no picture
    while True:
        try:
            name, arguments = pickle.load(requests)  # noqa: S301 from the program that started this
        except EOFError:
            return
        try:
            found: object = DRAWN[name](*arguments)
        except Exception as error:
            found = error
        pickle.dump(found, pictures)
        pictures.flush()


if __name__ == "__main__":
    main()
