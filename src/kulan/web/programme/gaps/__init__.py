"""Knowledge gaps on the web: where nobody has looked lately, and what waits there."""
