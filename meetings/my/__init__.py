"""What an institution sees and enters of meetings below /my/.

Its reports of action points and visits are in `afterwards`, its delegations in `registration`.
"""
