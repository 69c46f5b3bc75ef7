"""What comes in from a file: what it would change, and the decisions on it. Workbooks and printed forms share it."""
