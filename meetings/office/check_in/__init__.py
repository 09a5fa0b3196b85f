"""Check-in at the door: who came and who came unannounced."""
