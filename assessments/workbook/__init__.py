"""An assessment as an Excel workbook to fill in without the network, and back.

`layout` says which cell is which blank, `writing` makes the file, `guarding` looks at a file before it is opened,
`reading` reads it, `gathering` and `comparing` find what it would change. Nothing here stores anything: that is
`assessments.services.workbook`. A workbook is an official paper like the forms: Thai whoever downloads it.
"""
