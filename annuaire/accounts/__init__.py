"""Who may do what: people's accounts, sign-in, sessions, rights, and what is kept of persons."""
