# In a session: which organization's provider opened it, when, and until when.
SIGNED_ON = "signed_on"
