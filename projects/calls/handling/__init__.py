"""What the Secretariat does with calls and proposals: each activity in a module of its own."""
