//! What expansions call. Not part of the public interface.
