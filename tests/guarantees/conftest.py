from tests.claims.conftest import budi, folder, siti

__all__ = ["budi", "folder", "siti"]
