"""An upload that ends where the limit is: what is longer is not kept, so that nobody fills the disk."""

from django.core.files.uploadhandler import FileUploadHandler

from assessments.files.packages import MAX_FILE


class BoundedUpload(FileUploadHandler):
    """Stands before the others. A file that is too long comes through cut, just over the limit, and is refused so."""

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.received > MAX_FILE:
            return None
        self.received += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
