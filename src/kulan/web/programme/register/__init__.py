"""The register: where every action of an edition stands, and the evidence for it."""
