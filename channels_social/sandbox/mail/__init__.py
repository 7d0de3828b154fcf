"""A local mail server: SMTP to hand letters over, IMAP to read them, boxes in memory."""
