"""What is done with an upload: uploads.py by a person's word, checks.py its reading and judging, work.py in the background."""
