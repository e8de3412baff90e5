from tests.files.conftest import folder

__all__ = ["folder"]
