"""`python -m winloss` is the `winloss` command."""

from winloss.cli import main

if __name__ == "__main__":
    main()
