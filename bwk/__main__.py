"""The command; also `python -m bwk`. Whoever stops it hears nothing of Python."""

import signal
import sys


def main() -> int:
    """Run a command, as `cli.main` does; while it loads or ends, a signal ends it in silence."""
    stop = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from bwk import cli

    signal.signal(signal.SIGINT, stop)
    try:
        return cli.main()
    except KeyboardInterrupt:  # stopped again, before it had said so
        return cli.INTERRUPTED
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
