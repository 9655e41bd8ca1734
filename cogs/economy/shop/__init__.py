"""The shop: what is sold, what members have of it, and handing it over."""
