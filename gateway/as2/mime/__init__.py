"""MIME entities over seekable readers: hashed as they came, never written anew."""
