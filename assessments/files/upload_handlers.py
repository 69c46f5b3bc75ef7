"""The limit of an upload, kept while it arrives: nothing larger than a piece of evidence ever fills the disk.

The check of the CSRF token reads every form before a view could look at its size, whoever sent it and to whatever
address; so the limit stands before the handlers that write.
"""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# A form somewhat too large is read to its end, so that its texts come back with a reason; beyond this it is refused.
PATIENCE = 4
TOO_LARGE = "upload_too_large"


class LimitedUpload(FileUploadHandler):
    """Drops a file at the limit and notes it on the request (`TOO_LARGE`); the other fields are read on."""

    def __init__(self, request=None):
        super().__init__(request)
        self._left = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 (Django)
        if content_length > PATIENCE * settings.EVIDENCE_FILE_BYTES:
            raise RequestDataTooBig("The form is larger than any evidence may be.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self._left = settings.EVIDENCE_FILE_BYTES

    def receive_data_chunk(self, raw_data, start):
        self._left -= len(raw_data)
        if self._left < 0:
            setattr(self.request, TOO_LARGE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
