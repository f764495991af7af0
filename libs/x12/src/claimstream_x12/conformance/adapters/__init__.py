"""Parsers as the cases see them: this library, and two others for comparison; each imports its parser when it is made."""
