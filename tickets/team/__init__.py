"""Who works here and when: invitations, shifts, what they are doing now, photos. Stands below the clocks."""
