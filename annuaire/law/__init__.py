"""What the public procurement code says, as dated data; dates are always arguments."""
