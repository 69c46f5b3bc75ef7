"""Names of systems in which evidence of agencies often sits, as the agencies spell them.

Offered while typing; any other name is as good. Names are data, the same in both languages.
"""

KNOWN_SYSTEMS = (
    "eMENSCR", "New GFMIS Thai", "GD Catalog", "Open Data (data.go.th)", "ITA", "ระบบ 1111", "ศูนย์ดำรงธรรม",
    "Traffy Fondue", "NSW", "e-Office", "OPS Plan", "Anti-Fake News Center", "ACOC", "เว็บไซต์ของหน่วยงาน",
)  # fmt: skip
