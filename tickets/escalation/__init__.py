"""Who is called when nobody looks: rules on clocks and dates, who is on call, alarms that leave the screen."""
