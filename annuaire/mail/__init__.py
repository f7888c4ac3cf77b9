"""Letters: written in the transaction of what they tell, sent after it, each one once."""
