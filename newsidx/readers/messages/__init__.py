"""Mail: MIME, mailboxes, and the text of messages."""
