"""A local X: API v2 as tweepy 4.17 meets it (docs.x.com, OpenAPI 2.166)."""
