"""What several handlers do on the way: a step takes the unit and the claim, and returns the claim as it is then."""
