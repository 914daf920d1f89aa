"""The demonstration city 长春市: registers as files, made by `python -m seed_data.generate`. Everything is invented."""
