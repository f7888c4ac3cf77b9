"""Places of France: communes, territories, distances, coordinates. Pure functions over `data/`."""
