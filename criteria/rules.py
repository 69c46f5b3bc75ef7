"""Everybody who is signed in may read the criteria; rows are changed by the loader only."""

import rules

from pmqa.accounts.rules import add_admin_rights

rules.add_perm("criteria.read", rules.is_authenticated)
add_admin_rights("criteria", "edition", view_only=True)
