"""How a run without any result ends."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """ctest is told with 77 that every test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED) and reporter.stats.get("skipped") and not reporter.stats.get("passed"):
        session.exitstatus = 77
