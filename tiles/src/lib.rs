//! Vector tile addressing and TileJSON: pure, no database, no HTTP.
