"""I1 to I14, a small module a group. Each check is handed a case and writes what it finds into a finding."""
