"""One file for each part of a report: findings in, blocks of `kulan.report.document` out."""
