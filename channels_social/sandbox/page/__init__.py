"""The sandbox's own pages: the two timelines, the bad day, and the consent screens of both networks."""
