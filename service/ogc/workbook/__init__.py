"""Files of collections as analysts and offices read them."""
