"""What an institution sees and enters of meetings below /my/.

Its delegations are in `registration`.
"""
