"""What an institution sees and enters of meetings below /my/.

Its reports of action points are in `afterwards`, its delegations in `registration`.
"""
