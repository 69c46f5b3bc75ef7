"""How often one address may ask for what needs no log-in. Log-ins have the limits of allauth."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

WINDOW = 60


def is_within(request: HttpRequest, action: str, amount: int) -> bool:
    """Count this request; whether its address has asked at most `amount` times in this minute."""
    minute = int(timezone.now().timestamp()) // WINDOW
    key = f"limit:{action}:{get_adapter().get_client_ip(request)}:{minute}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        return cache.incr(key) <= amount
    except ValueError:
        # Culled between the two lines, by a cache that is full.
        return True
