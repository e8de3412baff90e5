from tests.files.conftest import clamd_socket, gate

__all__ = ["clamd_socket", "gate"]
