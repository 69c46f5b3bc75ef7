"""Separation of duties, where a role in an agency is given. The apps above register what they know.

The ground may not ask who reviews; `reviews` does, and says so here. An objection is never explained to the agency:
who judges is not told to those who are judged, and neither is it told by a refusal.
"""

from collections.abc import Callable

from pmqa.accounts.models import Appointment, User

Objection = Callable[[User], bool]

_objections: list[Objection] = []


def register(objection: Objection) -> Objection:
    _objections.append(objection)
    return objection


def is_barred(person: User) -> bool:
    """Whether an agency may not take this person in by itself: a closed account, OPDC's own, or a reviewer."""
    return not person.is_active or any(objection(person) for objection in _objections)


@register
def serves_opdc(person: User) -> bool:
    return Appointment.objects.current().filter(user=person).exists()
