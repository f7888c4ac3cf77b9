"""Social and environmental clauses of public contracts, found with their proof."""
