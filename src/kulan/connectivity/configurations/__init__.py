"""Circuitscape's and Omniscape's own files, read and run as they are."""
