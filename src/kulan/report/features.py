"""findings.gpkg: the findings as layers for a GIS, with their styles."""
feature_tables = feature_styles = None
