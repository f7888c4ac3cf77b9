"""Pictures and proofs that structures send: opened apart, made again or checked, then kept."""
