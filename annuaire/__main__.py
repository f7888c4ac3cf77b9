"""`python -m annuaire`: the command line, for those who call it by its module."""

from annuaire.cli import main

if __name__ == "__main__":  # the processes of an import load this module too
    main()
