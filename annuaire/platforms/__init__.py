"""What platforms hold with us: keys, what they used, consultations that they push, webhooks."""
