"""FHIR R4 bundles, read into visits. Nothing is dropped: the bundle is kept whole, and what was not understood is reported."""
