"""Lists, files, one enterprise and rankings over HTTP."""
