"""A local Facebook: Graph API for pages, comments and Messenger, as facebook-sdk 3.1 meets it."""
