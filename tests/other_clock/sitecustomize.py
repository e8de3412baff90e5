"""On PYTHONPATH under `faketime --exclude-monotonic`, in every process: `time.sleep` that works there.

Python sleeps until a moment of the monotonic clock. libfaketime 0.9.10 moves that moment even when it leaves the clock
alone, so that sleeping fails with EINVAL. Without `--exclude-monotonic` it is worse: waiting for a lock with a timeout
never ends (it does not know `sem_clockwait`).
"""

import select
import time


def _sleep(seconds: float, /) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = _sleep
