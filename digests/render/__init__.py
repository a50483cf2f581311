"""A digest written down: words arranged once (``layout``), then in the syntax of text, Markdown or JSON."""
