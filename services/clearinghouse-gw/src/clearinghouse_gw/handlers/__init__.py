"""The gateway's use cases, each named by its verb."""
