"""The parts every screen is built from, written by the server: icons, clocks, people, dates, safe text."""
