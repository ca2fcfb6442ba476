"""A retailer's invoice lines (the format of UCI's Online Retail), rung up as if at the counter.

Format: Daqing Chen, Online Retail, UCI Machine Learning Repository, 2015, doi 10.24432/C5BW33.
"""
