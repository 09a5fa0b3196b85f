"""Filling and checking a portal: the Network's records, samples, accounts for trying,

`check_install`.
"""
