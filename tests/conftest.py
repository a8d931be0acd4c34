"""Make ``tests/support.py`` importable from every test, and hypothesis steady.

``--hypothesis-profile=thorough`` has every property try 10,000 cases, others each time.
"""

import gc
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", settings.get_profile("steady"), derandomize=False, max_examples=10_000
)
settings.load_profile("steady")


def pytest_collection_finish():
    """Keep the collector from looking at some ten thousand tests again and again."""
    gc.collect()
    gc.freeze()
