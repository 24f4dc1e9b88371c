"""What the workers know of the register: texts of editions, read."""

from kulan.web.jobs.housekeeping import housekeeping
from kulan.web.jobs.queue import work
from kulan.web.programme.register.bringing import READ, forget_old_files, read_upload

work(READ)(read_upload)
housekeeping("edition_files")(forget_old_files)
