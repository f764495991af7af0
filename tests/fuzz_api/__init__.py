"""The APIs under requests of every form: schemathesis asks the five services in each role, and holds their answers against their descriptions."""
