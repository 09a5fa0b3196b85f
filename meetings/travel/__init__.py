"""Ready to travel: what travellers state, letters of invitation, certificates, checking them."""
