//! Streaming reader of the cadastre's Etalab GeoJSON files.
