"""The scan port against a daemon of a few lines: a real socket that speaks ClamAV's INSTREAM."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessments import tasks
from assessments.files import virus_scan
from assessments.models import EvidenceVersion
from pmqa.accounts.models import LogEntry
from pmqa.jobs.models import Job
from pmqa.jobs.services import run_queued
from tests import factories

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _answer(link: socket.socket) -> None:
    """One conversation as the daemon has it: the command, chunks with their lengths, a verdict."""
    with link, link.makefile("rb") as stream:
        if stream.read(10) != b"zINSTREAM\0":
            link.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := int.from_bytes(stream.read(4)):
            content += stream.read(length)
        if content.startswith(b"busy"):
            link.sendall(b"INSTREAM size limit exceeded. ERROR\0")
            return
        link.sendall(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@contextmanager
def daemon() -> Iterator[str]:
    """The address of a scanner on the loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    link, _address = server.accept()
                except OSError:
                    return
                _answer(link)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_a_clean_file_and_a_bad_one():
    with daemon() as address:
        assert virus_scan.find_in(BytesIO(b"%PDF-" + b"a" * 200_000), address) == ""
        assert virus_scan.find_in(BytesIO(b"a" * 100_000 + EICAR), address) == "Eicar-Signature"


def test_no_verdict_is_no_clean_file():
    with daemon() as address, pytest.raises(virus_scan.Unavailable):
        virus_scan.find_in(BytesIO(b"busy"), address)
    with pytest.raises(virus_scan.Unavailable):
        virus_scan.find_in(BytesIO(b"a"), address)
    with pytest.raises(virus_scan.Unavailable):
        virus_scan.find_in(BytesIO(b"a"), "not an address")


@pytest.fixture
def version(assessment) -> EvidenceVersion:
    """A stored file that nobody has scanned."""
    default_storage.save("evidence/invented", ContentFile(b"harmless!"))
    return factories.make_evidence(assessment).versions.get()


def scan_of(version: EvidenceVersion) -> str:
    return EvidenceVersion.objects.get(pk=version.pk).scan


@pytest.mark.django_db
def test_files_wait_for_their_verdict(settings, version):
    with daemon() as settings.CLAMAV_ADDRESS:
        assert not version.is_served, "a file from before the scanner was there waits too"
        tasks.tidy_evidence()
        run_queued()
    version.refresh_from_db()
    assert version.scan == "clean"
    assert version.is_served


@pytest.mark.django_db
def test_a_suspicious_file_stays_in_and_leaves_a_line(settings, version):
    with version.file.open("wb") as file:
        file.write(EICAR)
    with daemon() as settings.CLAMAV_ADDRESS:
        tasks.tidy_evidence()
        run_queued()
    version.refresh_from_db()
    assert version.scan == "suspicious"
    assert LogEntry.objects.get(action="evidence.suspicious").data["finding"] == "Eicar-Signature"
    settings.CLAMAV_ADDRESS = ""
    assert not version.is_served, "not even when the scanner is switched off again"


@pytest.mark.django_db
def test_while_the_scanner_is_down_the_file_waits_and_is_asked_for_again(settings, version, caplog):
    settings.CLAMAV_ADDRESS = "127.0.0.1:9"
    tasks.tidy_evidence()
    run_queued()
    assert scan_of(version) == "none"
    assert Job.objects.get().status == "failed"
    with daemon() as settings.CLAMAV_ADDRESS:
        tasks.tidy_evidence()
        run_queued()
    assert scan_of(version) == "clean"


@pytest.mark.django_db
def test_without_an_address_nothing_is_scanned(version):
    tasks.tidy_evidence()
    assert not Job.objects.exists()
    assert version.is_served
