"""What ``test_utils`` and the pytest plugin offer."""
