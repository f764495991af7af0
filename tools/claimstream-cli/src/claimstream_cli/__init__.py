"""The front door: demo, test, up, down, status, post, bench, token."""
