"""What several handlers do on the way."""
