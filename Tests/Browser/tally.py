"""Prints how many of a JUnit file's tests passed and how many did not."""

import sys
import xml.etree.ElementTree as ElementTree

suites = ElementTree.parse(sys.argv[1]).getroot().iter("testsuite")
total = bad = 0
for suite in suites:
    total += int(suite.get("tests")) - int(suite.get("skipped", 0))
    bad += int(suite.get("failures")) + int(suite.get("errors"))
print(total - bad, bad)
