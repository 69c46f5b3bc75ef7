"""gunicorn's settings of the journeys: while FULL is in the data folder, SQLite says that there is no room."""

import os
from pathlib import Path

# In the data folder of the product.
FULL = "disk-is-full"


def post_worker_init(worker):
    from django.db.backends.signals import connection_created

    def limit(connection, **signal):
        if Path(os.environ["PMQA_VAR"], FULL).exists():
            with connection.cursor() as cursor:
                # Less than there is becomes what there is: not one page more.
                cursor.execute("PRAGMA max_page_count = 1")

    connection_created.connect(limit, weak=False)
