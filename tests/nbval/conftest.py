"""Compare the numbers of each output; pictures are compared elsewhere."""


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        pictures = ("image/svg+xml", "image/png", "text/html", "application/vnd.bwk.v1+json")
        collector.skip_compare += (*pictures, "stderr")
