"""Small builders of X12 text: what a case does not name has a sensible value. The people and payers are invented."""
