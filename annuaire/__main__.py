"""`python -m annuaire`: the command line, for those who call it by its module."""

from annuaire.cli import main

main()
