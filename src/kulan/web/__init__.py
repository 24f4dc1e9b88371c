"""The Atlas as a web application on Django: pages, maps, records, and doors for machines."""
