"""Species: their pages, and the records that people keep of them by proposal and approval."""
