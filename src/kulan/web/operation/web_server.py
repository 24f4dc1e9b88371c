"""The web server as a child of `kulan serve`: granian, which ends when its parent is gone."""

from granian.cli import entrypoint

from kulan.web.operation.parents import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    entrypoint()
