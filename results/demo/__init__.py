"""The demonstration: invented ministries, agencies, people and answers in every state of the road.

Everything here is made up. The same number of agencies, seed and day give the same data.
"""
