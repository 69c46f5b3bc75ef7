"""Rights that follow from who somebody is. Default is no; other apps compose these predicates."""

import rules

from pmqa.accounts.models import Appointment

Office = Appointment.Role


def _holds(office: str):
    @rules.predicate(name=f"is_{office}")
    def holds(user) -> bool:
        return user.is_authenticated and user.is_active and office in user.current_offices

    return holds


is_administrator = _holds(Office.ADMINISTRATOR)
is_officer = _holds(Office.OFFICER)
is_auditor = _holds(Office.AUDITOR)
is_executive = _holds(Office.EXECUTIVE)

rules.add_perm("accounts.use_admin", is_administrator | is_auditor)


def add_admin_rights(app_label: str, *models: str, view_only: bool = False) -> None:
    """Django admin rights on `models`: the administrator changes, the auditor reads."""
    if not rules.perm_exists(app_label):
        rules.add_perm(app_label, is_administrator | is_auditor)
    for model in models:
        rules.add_perm(f"{app_label}.view_{model}", is_administrator | is_auditor)
        for verb in ("add", "change", "delete"):
            rules.add_perm(
                f"{app_label}.{verb}_{model}", rules.always_false if view_only else is_administrator
            )


add_admin_rights("accounts", "ministry", "agency", "user", "membership", "appointment")
add_admin_rights("accounts", "logentry", view_only=True)
# Jobs stand beside us in the ground and have no other rights.
add_admin_rights("jobs", "job", view_only=True)
