"""Grade deep-learning exercises with hidden tests that never meet the learner's code."""

import sys

# jsonschema, which every notebook library uses, tries to import this optional package, and it builds a grammar at import:
# a second of CPU time for each process, for a check of links that nothing here asks for.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.1.0"
