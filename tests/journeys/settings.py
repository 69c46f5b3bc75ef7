"""The product's settings, for the journeys: passwords are checked for being right, not for how long that takes."""

from pmqa.settings import *  # noqa: F403 (every setting of the product, but one)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
