"""Enterprises (企业) and their sites (场所: 厂区, 门店, 工地).

Tables: enterprise, site, site_contact. An enterprise is one by its unified social credit code, or by its name while
the code is still to be supplied (待补); a site is one by its enterprise and its number.
"""
