"""How visits come in: each format makes the same ``Visit`` of it, and coding knows none of them."""
