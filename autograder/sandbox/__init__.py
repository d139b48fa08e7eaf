"""The boundary: a submission runs in a locked-down worker, and only data crosses. Knows nothing of pytest or tests."""
