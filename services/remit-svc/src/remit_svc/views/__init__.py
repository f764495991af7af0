"""What people and pages read of remit-svc: typed answers, and the SELECTs behind them. A file per subject."""
