"""People and what they are appointed to: who signs in, as whom, and which rows that opens.

Tables: person, appointment, credential, sign_in_session, api_key, sign_in_failure. Others know a person as a Viewer
(service/base/viewer.py), which `rules.viewer_of` makes of appointments and the door puts into each request.
"""
